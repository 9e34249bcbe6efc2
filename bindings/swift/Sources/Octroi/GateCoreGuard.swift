import Foundation

extension GateCore {
    /// Guards by this gate, for a program that is no app. Requests that come at once share one look at the device.
    ///
    /// - Parameters:
    ///   - notOlderThan: how old the last assessment may be, in seconds. After that the device is looked at again. Less than 0 is 0.
    ///   - observe: looks at the device.
    public func accessGuard(
        notOlderThan: TimeInterval,
        observe: @escaping @Sendable () async throws -> Record
    ) -> any AccessGuard {
        GateCoreGuard(core: self, notOlderThan: notOlderThan, observe: observe)
    }
}

private struct GateCoreGuard: AccessGuard {
    private let core: GateCore
    private let notOlderThan: TimeInterval
    private let checks: Checks<Assessment>

    init(core: GateCore, notOlderThan: TimeInterval, observe: @escaping @Sendable () async throws -> Record) {
        self.core = core
        self.notOlderThan = GateSettings.age(notOlderThan)
        checks = Checks {
            let record = try await observe()
            return try await blocking { try core.check(record: record) }
        }
    }

    func isInternal(_ host: String) -> Bool { core.isInternal(host: host) }

    func currentAssessment() async throws -> Assessment {
        await checks.settle()
        if let current = try await blocking({ try core.current(notOlderThan: notOlderThan) }) { return current }
        return try await checks.make()
    }
}
