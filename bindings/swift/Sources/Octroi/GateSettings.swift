import Foundation

/// How a ``Gate`` keeps its verdict true.
public struct GateSettings: Sendable {
    /// How old the last check may be when a guarded request asks, in seconds; an older one is made again first. Less than 0 is 0, and so is
    /// what is no number.
    public var oldestForRequests: TimeInterval = 15 * 60

    /// The folder of the gate's state; without one, a folder of this app that no backup takes along. An app and its extensions
    /// may share one, in their app group: the app checks, and they read. Whether a backup takes such a folder along is then the app's to say.
    public var directory: URL?

    public init(oldestForRequests: TimeInterval = 15 * 60, directory: URL? = nil) {
        self.oldestForRequests = oldestForRequests
        self.directory = directory
    }

    /// As the core takes it, which refuses less than 0: a slip in a setting is no reason to close every host.
    static func age(_ seconds: TimeInterval) -> TimeInterval {
        seconds > 0 ? seconds : 0
    }

    func stateDirectory() throws -> URL {
        if let directory { return directory }
        let files = FileManager.default
        let support = try files.url(for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        var directory = support.appendingPathComponent("octroi", isDirectory: true)
        try files.createDirectory(at: directory, withIntermediateDirectories: true)
        #if canImport(Darwin)
        // What was true of one phone must not come back on another.
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try directory.setResourceValues(values)
        #endif
        return directory
    }
}
