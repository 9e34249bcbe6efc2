import Foundation

/// What the device's management sets for this app; nothing on a device that has none.
public struct ManagedConfiguration: Sendable {
    private let dictionary: @Sendable () -> [String: Any]?

    /// - Parameter dictionary: reads what is set now, all of it.
    public init(_ dictionary: @escaping @Sendable () -> [String: Any]?) {
        self.dictionary = dictionary
    }

    /// What iOS keeps for this app.
    public static let ofThisApp = ManagedConfiguration {
        UserDefaults.standard.dictionary(forKey: key)
    }

    /// Where iOS keeps it, among the defaults of the app.
    public static let key = "com.apple.configuration.managed"

    /// Our keys with what was set, as text. What is none of a key's values is refused by whoever reads it, with the key's name.
    func entries() -> [String: String] {
        let ours = (dictionary() ?? [:]).filter { key, _ in key.hasPrefix("octroi.") }
        return ours.mapValues { $0 as? String ?? "\($0)" }
    }
}
