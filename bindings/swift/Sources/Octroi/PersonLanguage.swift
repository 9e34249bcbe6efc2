import Foundation

extension Language {
    /// The first of the person's languages that octroi speaks; else English.
    public static var preferred: Language {
        first(of: Locale.preferredLanguages)
    }

    static func first(of tags: [String]) -> Language {
        tags.lazy.compactMap { languageFromTag(tag: $0) }.first ?? .en
    }
}
