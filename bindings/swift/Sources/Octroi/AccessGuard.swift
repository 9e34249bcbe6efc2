import Foundation

/// Stands between an app and the internal hosts of its administration.
///
/// Whoever opens connections asks it before each. ``GuardedSession`` does; a web view or a web socket has to be asked for by the app, with
/// ``requireAccess(to:)-(URL)``.
public protocol AccessGuard: Sendable {
    /// Whether a host is one that only a permitted device may reach, in capitals or with a dot at its end, too. How else a URL
    /// may write it, ``requireAccess(to:)-(URL)`` knows.
    func isInternal(_ host: String) -> Bool

    /// The assessment that counts now. Made anew if the last one is too old.
    ///
    /// - Throws: if nothing can be decided; nothing is permitted then.
    func currentAssessment() async throws -> Assessment
}

extension AccessGuard {
    /// Returns if a host may be reached now: it is none of the internal ones, or the device has a permit.
    ///
    /// - Throws: ``AccessDenied`` if it may not, or if that cannot be found out.
    public func requireAccess(to host: String) async throws(AccessDenied) {
        guard let name = HostNames.of(host).first(where: isInternal) else { return }
        let assessment: Assessment
        do {
            assessment = try await currentAssessment()
        } catch {
            // A guard that cannot answer, be it closed or badly configured, must not let anything through.
            throw AccessDenied(host: name, assessment: nil, cause: error)
        }
        if assessment.access.decision != .permit { throw AccessDenied(host: name, assessment: assessment, cause: nil) }
    }

    /// Returns if what a URL names may be reached now; a URL without a host may.
    ///
    /// - Throws: ``AccessDenied`` if it may not, or if that cannot be found out.
    public func requireAccess(to url: URL) async throws(AccessDenied) {
        if let host = url.host { try await requireAccess(to: host) }
    }
}

/// An internal host was not asked for anything, because the device has no permit. No connection was made.
public struct AccessDenied: LocalizedError, Sendable {
    /// The host, as the administration names it.
    public let host: String
    /// The denial, to be explained to the person; none if nothing could be decided, and then ``cause`` says why.
    public let assessment: Assessment?
    /// Why nothing could be decided.
    public let cause: (any Error)?

    public var errorDescription: String? {
        let why = assessment.map { "\($0.status)" } ?? "nothing could be decided"
        return "the device may not reach `\(host)`: \(why)"
    }
}
