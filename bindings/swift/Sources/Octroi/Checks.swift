/// Lets one check run at a time. Who asks while one runs waits for the next, which all who wait share: it looks after all of them asked.
actor Checks<Checked: Sendable> {
    private let check: @Sendable () async throws -> Checked
    private var running: Task<Checked, any Error>?
    private var next: Task<Checked, any Error>?

    init(_ check: @escaping @Sendable () async throws -> Checked) {
        self.check = check
    }

    func make() async throws -> Checked {
        try await upcoming().value
    }

    /// Returns once no check is under way.
    func settle() async {
        while let task = next ?? running {
            _ = await task.result
            if running == task { running = nil }
        }
    }

    private func upcoming() -> Task<Checked, any Error> {
        if let next { return next }
        let task = Task { [check, running] in
            _ = await running?.result
            begin()
            return try await check()
        }
        next = task
        return task
    }

    private func begin() {
        running = next
        next = nil
    }
}
