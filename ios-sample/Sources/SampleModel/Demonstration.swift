import Foundation
import Octroi

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Asks internal hosts for something, as every part of a guarded app does: the session alone knows of the gate.
struct Demonstration {
    /// What came of a request.
    enum Result: Sendable, Equatable {
        /// The gate let it pass, and the host answered.
        case answered(status: Int)
        /// The gate let it pass, and nobody answered.
        case unanswered
        /// The gate stopped it; without an assessment because nothing could be decided.
        case stopped(Assessment?)
    }

    private let session: GuardedSession

    init(gate: any AccessGuard) {
        session = GuardedSession(guardedBy: gate, ephemeral: true) { $0.timeoutIntervalForRequest = 10 }
    }

    func ask(_ address: URL) async -> Result {
        do {
            let (_, response) = try await session.data(from: address)
            return .answered(status: (response as? HTTPURLResponse)?.statusCode ?? 0)
        } catch let denied as AccessDenied {
            return .stopped(denied.assessment)
        } catch {
            return .unanswered
        }
    }
}
