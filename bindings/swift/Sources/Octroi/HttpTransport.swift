import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Fetches the files of a repository of policies from a web server, over HTTPS.
///
/// It follows no redirect, so that a phone asks nobody but the server that its app names. It sends no cookie and keeps nothing: its session is
/// [ephemeral](https://developer.apple.com/documentation/foundation/urlsessionconfiguration/ephemeral), without a cache. What comes is believed
/// for its signatures alone, and read no further than it may be long.
///
/// ``Gate/refresh(_:root:deployment:)`` calls it on a thread that may wait. Who calls ``fetch(path:most:)`` waits as well.
public final class HttpTransport: Transport {
    private let repository: URL
    private let timeout: TimeInterval
    private let fetches = Fetches()
    private let session: URLSession

    /// - Parameters:
    ///   - url: the folder that the server serves, over HTTPS; without it on this machine only, as in tests.
    ///   - timeout: how long one file may take in all, in seconds.
    /// - Throws: `URLError.unsupportedURL` for any other, and for what has a query: that is no folder.
    public init(url: URL, timeout: TimeInterval = 60) throws(URLError) {
        let isHere = ["localhost", "127.0.0.1", "::1"].contains(url.host)
        let isSafe = url.scheme?.lowercased() == "https" || url.scheme == "http" && isHere
        guard isSafe, url.host?.isEmpty == false, url.query == nil, url.fragment == nil else { throw URLError(.unsupportedURL) }
        // What does not end in a slash is a file, beside which the paths would be looked for.
        repository = url.absoluteString.hasSuffix("/") ? url : url.appendingPathComponent("", isDirectory: true)
        self.timeout = timeout
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.urlCredentialStorage = nil
        session = URLSession(configuration: configuration, delegate: fetches, delegateQueue: nil)
    }

    deinit { session.finishTasksAndInvalidate() }

    public func fetch(path: String, most: UInt64) throws -> Data? {
        guard let url = URL(string: path, relativeTo: repository) else { throw URLError(.badURL) }
        return try fetches.run(session.dataTask(with: url), most: Int(clamping: most), within: timeout)
    }
}

/// The files that are on their way, each as far as it came.
private final class Fetches: NSObject, Sendable {
    private struct Fetch {
        let most: Int
        let ended = DispatchSemaphore(value: 0)
        var data = Data()
        var failure: (any Error)?
    }

    private let running = Locked<[Int: Fetch]>([:])

    func run(_ task: URLSessionTask, most: Int, within timeout: TimeInterval) throws -> Data? {
        let begun = Fetch(most: most)
        running.with { $0[task.taskIdentifier] = begun }
        task.resume()
        defer { task.cancel() }
        let hasEnded = begun.ended.wait(timeout: .now() + timeout) == .success
        guard let fetch = running.with({ $0.removeValue(forKey: task.taskIdentifier) }), hasEnded else {
            throw PortError.Failed(reason: "the file did not come within \(timeout) s")
        }
        if let failure = fetch.failure { throw failure }
        switch (task.response as? HTTPURLResponse)?.statusCode {
        case 200: return fetch.data
        case 403, 404: return nil
        case let status: throw PortError.Failed(reason: "the server answered \(status.map(String.init) ?? "nothing"), expected 200")
        }
    }

    private func update(_ task: URLSessionTask, _ change: (inout Fetch) -> Void) {
        running.with { running in
            guard let at = running.index(forKey: task.taskIdentifier) else { return }
            change(&running.values[at])
        }
    }
}

extension Fetches: URLSessionDataDelegate {
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        update(dataTask) { fetch in
            if fetch.data.count > fetch.most { return }
            fetch.data.append(data)
            if fetch.data.count > fetch.most { fetch.ended.signal() }
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        update(task) { fetch in
            fetch.failure = error
            fetch.ended.signal()
        }
    }
}
