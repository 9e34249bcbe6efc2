import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Lets requests to internal hosts pass only while the device has a permit. They fail with ``AccessDenied`` otherwise, before anything
/// is looked up or connected: the host sees nothing of them. Requests to other hosts are left alone.
///
/// ```swift
/// let session = GuardedSession(guardedBy: gate)
/// let (data, response) = try await session.data(for: request)
/// ```
///
/// It owns its `URLSession`, because each request has to be asked for and each redirect, and a redirect can be held up only by the delegate of
/// the session. A `URLProtocol` would not do: a session in the background passes it by, it would have to load by itself what it lets pass,
/// and it is a class of which the system makes the instances, so it would not know its guard.
///
/// Challenges are answered as the system answers them. An app that answers some itself, with the certificate of a client, say, has a session
/// and a delegate of its own: those ask ``AccessGuard/requireAccess(to:)-(URL)`` before each request, and in
/// `urlSession(_:task:willPerformHTTPRedirection:newRequest:completionHandler:)` before each redirect.
///
/// A host is known by the name or address in the URL. Where another name leads to the same machine, the administration names that one, too:
/// iOS tells no app beforehand what a name is looked up as.
///
/// There is no guarded session in the background. The system follows redirects of those without asking the app, and makes requests
/// hours later, when the verdict may be another one. Put nothing internal into one.
public final class GuardedSession: Sendable {
    private let accessGuard: any AccessGuard
    private let transfers: Transfers
    private let session: URLSession

    /// - Parameters:
    ///   - accessGuard: who is asked, mostly a ``Gate``.
    ///   - ephemeral: whether nothing is kept on the disk: no cache, no cookies.
    ///   - configure: changes the configuration before the session takes it. That it waits for a network is taken back.
    public init(
        guardedBy accessGuard: any AccessGuard,
        ephemeral: Bool = false,
        configure: (URLSessionConfiguration) -> Void = { _ in }
    ) {
        self.accessGuard = accessGuard
        transfers = Transfers(accessGuard)
        let configuration: URLSessionConfiguration = ephemeral ? .ephemeral : .default
        configure(configuration)
        // A task that waits for a network, for days perhaps, would start under a verdict of before.
        #if canImport(Darwin)
        configuration.waitsForConnectivity = false
        #endif
        session = URLSession(configuration: configuration, delegate: transfers, delegateQueue: nil)
    }

    deinit { session.finishTasksAndInvalidate() }

    /// What a request is answered, as `URLSession.data(for:)`.
    ///
    /// - Throws: ``AccessDenied``, or what the network says.
    public func data(for request: URLRequest) async throws -> (Data, URLResponse) {
        let answer = try await answer(to: request) { $0.dataTask(with: request) }
        return (answer.data, answer.response)
    }

    /// What a URL is answered, as `URLSession.data(from:)`.
    ///
    /// - Throws: ``AccessDenied``, or what the network says.
    public func data(from url: URL) async throws -> (Data, URLResponse) {
        try await data(for: URLRequest(url: url))
    }

    /// What a request is answered that carries data, as `URLSession.upload(for:from:)`.
    ///
    /// - Throws: ``AccessDenied``, or what the network says.
    public func upload(for request: URLRequest, from data: Data) async throws -> (Data, URLResponse) {
        let answer = try await answer(to: request) { $0.uploadTask(with: request, from: data) }
        return (answer.data, answer.response)
    }

    /// A file with what a request is answered, as `URLSession.download(for:)`. The file is the caller's, to move or remove.
    ///
    /// - Throws: ``AccessDenied``, or what the network says.
    public func download(for request: URLRequest) async throws -> (URL, URLResponse) {
        let answer = try await answer(to: request) { $0.downloadTask(with: request) }
        guard let file = answer.file else { throw URLError(.cannotCreateFile) }
        return (file, answer.response)
    }

    private func answer(to request: URLRequest, by start: (URLSession) -> URLSessionTask) async throws -> Answer {
        guard let url = request.url else { throw URLError(.badURL) }
        try await accessGuard.requireAccess(to: url)
        return try await transfers.run(start(session))
    }
}
