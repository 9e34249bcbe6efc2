import Foundation

/// The URL schemes that iOS answers an app for: those that its Info.plist declares, as far as iOS reads them.
public struct DeclaredSchemes: Sendable, Equatable {
    private let schemes: Set<String>

    /// Reads the dictionary of an Info.plist: `Bundle.main.infoDictionary`.
    ///
    /// iOS reads 50 of the schemes, and 25 for an app that was linked on iOS 27 or later. Where the dictionary does not say on which iOS
    /// that was, the fewer count.
    public init(infoDictionary: [String: Any]?) {
        let declared = infoDictionary?["LSApplicationQueriesSchemes"] as? [Any] ?? []
        let read = declared.prefix(Self.limit(linkedOn: infoDictionary?["DTSDKName"] as? String))
        schemes = Set(read.compactMap { $0 as? String })
    }

    /// Whether no answer for a scheme proves that nothing has it. Apple does not say that iOS reads the declaration in any case, so
    /// it counts letter by letter.
    public func covers(_ scheme: String) -> Bool {
        schemes.contains(scheme)
    }

    /// By the name of an SDK, such as `iphoneos18.2`.
    private static func limit(linkedOn sdk: String?) -> Int {
        let version = sdk?.drop(while: { !$0.isNumber }).prefix(while: \.isNumber)
        guard let major = version.flatMap({ Int($0) }), major < 27 else { return 25 }
        return 50
    }
}
