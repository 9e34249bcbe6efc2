import Foundation

/// What a gate asks: which schemes are answered, what this app declares, and what the management sets.
public struct Phone: Sendable {
    /// Asked for each scheme, on the main actor.
    public var application: any SchemeAsking
    /// What the app's own Info.plist declares.
    public var declared: DeclaredSchemes
    /// What the device's management sets for this app.
    public var managedConfiguration: ManagedConfiguration
    /// Posted when the app comes to the foreground.
    public var foreground: Notification.Name

    public init(
        application: any SchemeAsking,
        declared: DeclaredSchemes,
        managedConfiguration: ManagedConfiguration,
        foreground: Notification.Name
    ) {
        self.application = application
        self.declared = declared
        self.managedConfiguration = managedConfiguration
        self.foreground = foreground
    }

    /// Which of the apps answer, which do not, and which this app cannot ask for.
    func observe(_ watchlist: Watchlist) async -> Observation {
        await SchemeProbe(application: application, declared: declared).observe(watchlist)
    }
}

#if canImport(UIKit) && os(iOS)
import UIKit

extension UIApplication: SchemeAsking {}

extension Phone {
    /// The phone that this app runs on. An extension has nobody to ask: it opens a ``GateCore`` on the app's
    /// ``GateSettings/directory`` with the deployment that the app's gate says, gives it the same managed configuration, and reads `last`
    /// there. It says itself how old that may be, an hour at the least: the gate writes what did not change once an hour. It never checks,
    /// since it would find nothing visible and keep that.
    @available(iOSApplicationExtension, unavailable)
    @MainActor
    public static var ofThisApp: Phone {
        Phone(
            application: UIApplication.shared,
            declared: DeclaredSchemes(infoDictionary: Bundle.main.infoDictionary),
            managedConfiguration: .ofThisApp,
            foreground: UIApplication.willEnterForegroundNotification
        )
    }
}
#endif
