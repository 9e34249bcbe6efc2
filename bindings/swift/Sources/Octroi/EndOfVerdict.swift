import Foundation

/// Says when a verdict ends by itself, by the wall clock: a phone that slept is told when it wakes.
///
/// An app that iOS stopped is not woken: nobody holds its verdict, and who opens the gate later checks first.
final class EndOfVerdict: Sendable {
    private let ended = Locked<(@Sendable () -> Void)?>(nil)
    private let scheduled = Locked<DispatchWorkItem?>(nil)

    func onEnd(_ ended: @escaping @Sendable () -> Void) {
        self.ended.with { $0 = ended }
    }

    /// At this time, and at no other; never without one.
    func schedule(_ time: Date?, now: Date) {
        let item = time.map { _ in
            DispatchWorkItem { [ended] in ended.with { $0 }?() }
        }
        if let time, let item {
            DispatchQueue.global().asyncAfter(wallDeadline: .now() + max(0, time.timeIntervalSince(now)), execute: item)
        }
        scheduled.with { scheduled in
            scheduled?.cancel()
            scheduled = item
        }
    }
}
