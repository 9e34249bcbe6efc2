import Foundation

/// Tells each outcome to all who listen, and the latest to who comes later. Who is slow hears the newest only.
final class Outcomes: Sendable {
    private struct State {
        var latest: Outcome?
        var finished = false
        var listeners: [UUID: @Sendable (Outcome?) -> Void] = [:]
    }

    private let state = Locked(State())

    var latest: Outcome? { state.with { $0.latest } }

    func tell(_ outcome: Outcome) {
        let listeners = state.with { state in
            state.latest = outcome
            return state.listeners.values
        }
        listeners.forEach { $0(outcome) }
    }

    func finish() {
        let listeners = state.with { state in
            state.finished = true
            return state.listeners.values
        }
        listeners.forEach { $0(nil) }
    }

    /// What becomes of each outcome; those that become nothing are not told.
    func listen<Told: Sendable>(_ told: @escaping @Sendable (Outcome) -> Told?) -> AsyncStream<Told> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id = UUID()
            continuation.onTermination = { [weak self] _ in
                self?.state.with { $0.listeners[id] = nil }
            }
            let finished = state.with { state in
                state.listeners[id] = { outcome in
                    guard let outcome else { return continuation.finish() }
                    if let value = told(outcome) { continuation.yield(value) }
                }
                // Before anything newer can be told.
                if let value = state.latest.flatMap(told) { continuation.yield(value) }
                return state.finished
            }
            if finished { continuation.finish() }
        }
    }
}
