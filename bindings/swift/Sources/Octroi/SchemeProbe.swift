import Foundation

/// Says whether an app on this device answers a URL. Under iOS that is `UIApplication`.
@MainActor
public protocol SchemeAsking: AnyObject, Sendable {
    /// Whether something opens it.
    func canOpenURL(_ url: URL) -> Bool
}

/// Asks iOS for the apps that the policies name, scheme by scheme. No other app is asked for.
struct SchemeProbe: Sendable {
    let application: any SchemeAsking
    let declared: DeclaredSchemes

    /// Which of the schemes are answered, which are not, and which iOS would not answer this app for.
    ///
    /// An app that may not ask gets the same answer as for an app that is not there. So only what its Info.plist declares is relied on, and
    /// only where iOS answers at all.
    @MainActor
    func observe(_ watchlist: Watchlist) -> Observation {
        var observation = Observation(source: .platform, scope: .device)
        let answersAtAll = Self.alwaysThere.map(application.canOpenURL) ?? false
        for scheme in watchlist.schemes.map(\.text) {
            guard answersAtAll, declared.covers(scheme), let url = URL(string: scheme + "://") else {
                observation.notVisible.append(.scheme(scheme))
                continue
            }
            if application.canOpenURL(url) {
                observation.apps.append(SeenApp(seen: .scheme(scheme)))
            } else {
                observation.absent.append(.scheme(scheme))
            }
        }
        return observation
    }

    /// The app's own page in Settings (`UIApplication.openSettingsURLString`): no iPhone is without, and no declaration is needed.
    private static let alwaysThere = URL(string: "app-settings:")
}
