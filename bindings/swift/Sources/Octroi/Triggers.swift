import Foundation

/// Says when something may have changed, for as long as it lives: the app comes to the foreground, the management changes its configuration.
///
/// iOS tells no app that another one was installed or removed: that is seen on the way back from it, in the foreground.
final class Triggers: @unchecked Sendable {
    private let center = NotificationCenter.default
    // Written before anybody else has it.
    private var observers: [any NSObjectProtocol] = []

    init(phone: Phone, changed: @escaping @Sendable () -> Void) {
        let known = Locked(phone.managedConfiguration.entries())
        observe(phone.foreground, changed)
        observe(UserDefaults.didChangeNotification) {
            // Any default of the app may be the one that changed.
            let entries = phone.managedConfiguration.entries()
            let differs = known.with { known in
                defer { known = entries }
                return known != entries
            }
            if differs { changed() }
        }
    }

    deinit {
        observers.forEach(center.removeObserver)
    }

    private func observe(_ name: Notification.Name, _ react: @escaping @Sendable () -> Void) {
        observers.append(center.addObserver(forName: name, object: nil, queue: nil) { _ in react() })
    }
}
