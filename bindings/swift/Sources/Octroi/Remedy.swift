import Foundation

/// Something that the person can do.
public enum Remedy: Sendable, Equatable {
    /// The person removes an app: nobody else can. A management removes only what it installed, and no app may remove another.
    ///
    /// - Parameters:
    ///   - app: the app, as the policies name it.
    ///   - instructions: how, in the person's language.
    case removeByHand(app: AppId, instructions: String)
    /// Opens Settings. iOS shows the page of this app, as no app may open another's; the instructions say where to go from there.
    case openSettings(URL)
    /// Opens a mail to the supervisor that says what was decided and why, for the person to complete.
    case informSupervisor(URL)

    /// What to open: with `UIApplication.open`, or SwiftUI's `openURL`. None where the person does something by hand.
    public var url: URL? {
        switch self {
        case .removeByHand: nil
        case .openSettings(let url), .informSupervisor(let url): url
        }
    }
}
