import Foundation

extension GateCore {
    /// Guards by this gate, for a program that is no app.
    ///
    /// - Parameters:
    ///   - notOlderThan: how old the last assessment may be, in seconds. After that the device is looked at again.
    ///   - observe: looks at the device.
    public func accessGuard(
        notOlderThan: TimeInterval,
        observe: @escaping @Sendable () async throws -> Record
    ) -> any AccessGuard {
        GateCoreGuard(core: self, notOlderThan: notOlderThan, observe: observe)
    }
}

private struct GateCoreGuard: AccessGuard {
    let core: GateCore
    let notOlderThan: TimeInterval
    let observe: @Sendable () async throws -> Record

    func isInternal(_ host: String) -> Bool { core.isInternal(host: host) }

    func currentAssessment() async throws -> Assessment {
        if let current = try await blocking({ try core.current(notOlderThan: notOlderThan) }) { return current }
        let record = try await observe()
        return try await blocking { try core.check(record: record) }
    }
}
