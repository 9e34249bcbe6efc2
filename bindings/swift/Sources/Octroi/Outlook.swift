import Foundation

/// What a gate knows between two looks at the device: whether something changed, what came of the last, when the verdict ends.
final class Outlook: Sendable {
    let outcomes = Outcomes()

    /// How often something may have changed, and how often it had when the last look began that came to a verdict.
    private struct Changes {
        var told = 1
        var seen = 0
    }

    private let changes = Locked(Changes())
    private let closed = Locked(false)
    /// What the management said when it was last heard.
    private let heard = Locked<[String: String]?>(nil)
    private let end = EndOfVerdict()

    /// Something may have changed since the device was last looked at.
    var isOutdated: Bool { changes.with { $0.seen != $0.told } }

    func outdate() { changes.with { $0.told += 1 } }

    func onEnd(_ ended: @escaping @Sendable () -> Void) { end.onEnd(ended) }

    func requireOpen() throws {
        if closed.with({ $0 }) { throw GateClosed() }
    }

    func close() {
        closed.with { $0 = true }
        end.schedule(nil, now: Date())
        outcomes.finish()
    }

    /// Hears the management, whose word counts from then on. Nothing tells for sure that it has spoken.
    func hear(_ phone: Phone, with core: GateCore) {
        heard.with { heard in
            // Read where nobody else hears: what was read before must not take the place of what was heard since.
            let entries = phone.managedConfiguration.entries()
            if heard == entries { return }
            heard = entries
            outdate()
            // The hosts that a wrong configuration names are guarded all the same, and nothing is permitted under it.
            try? core.configure(entries: entries)
        }
    }

    /// Looks at the phone and decides; tells those who listen.
    func look(at phone: Phone, with core: GateCore) async throws -> Checked {
        try requireOpen()
        // What changes from here on is looked at again.
        let told = changes.with { $0.told }
        do {
            let watchlist = try await blocking { [heard] in
                // Who asks for a host meanwhile waits.
                try heard.with { heard in
                    let entries = phone.managedConfiguration.entries()
                    heard = entries
                    try core.configure(entries: entries)
                }
                return core.watchlist(platform: .ios)
            }
            let observation = await phone.observe(watchlist)
            let record = Record(device: Device(platform: .ios), observations: [observation])
            let assessment = try await blocking { try core.check(record: record) }
            try requireOpen()
            changes.with { $0.seen = max($0.seen, told) }
            end.schedule(assessment.validUntil, now: assessment.assessedAt)
            outcomes.tell(.decided(assessment))
            return Checked(record: record, assessment: assessment)
        } catch {
            outdate()
            outcomes.tell(.failed(error))
            throw error
        }
    }
}

/// What was seen of the phone in one look, and what was decided on it.
struct Checked: Sendable {
    let record: Record
    let assessment: Assessment
}

/// The gate was closed: it decides nothing any more.
public struct GateClosed: LocalizedError, Equatable, Sendable {
    public var errorDescription: String? { "the gate was closed" }
}
