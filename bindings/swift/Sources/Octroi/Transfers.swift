import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What came of a request.
struct Answer {
    var data = Data()
    var file: URL?
    var response: URLResponse
}

/// The tasks of a session, as they go on: collects what they are answered, and holds up each redirect until the guard was asked.
final class Transfers: NSObject, Sendable {
    private struct Transfer {
        let finish: CheckedContinuation<Answer, any Error>
        var data = Data()
        var file: URL?
        /// What it failed of, other than the network.
        var failure: (any Error)?
    }

    private let accessGuard: any AccessGuard
    private let running = Locked<[Int: Transfer]>([:])

    init(_ accessGuard: any AccessGuard) {
        self.accessGuard = accessGuard
    }

    /// Starts a task and returns what it is answered. It is cancelled when the caller is, and fails as a `URLSession` has it then.
    func run(_ task: URLSessionTask) async throws -> Answer {
        // Of a task that is cancelled before it is known here, nobody would hear.
        if Task.isCancelled {
            task.cancel()
            throw URLError(.cancelled)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                running.with { $0[task.taskIdentifier] = Transfer(finish: continuation) }
                task.resume()
                if Task.isCancelled { task.cancel() }
            }
        } onCancel: {
            // A transfer that does not run yet finds its task cancelled when it starts.
            if running.with({ $0[task.taskIdentifier] != nil }) { task.cancel() }
        }
    }

    private func update(_ task: URLSessionTask, _ change: (inout Transfer) -> Void) {
        running.with { running in
            guard let at = running.index(forKey: task.taskIdentifier) else { return }
            // In its place: a copy would hold the data that came, and each piece would have all of it copied.
            change(&running.values[at])
        }
    }
}

extension Transfers: URLSessionDataDelegate, URLSessionDownloadDelegate {
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        guard let url = request.url else { return completionHandler(nil) }
        Task { [accessGuard] in
            do {
                try await accessGuard.requireAccess(to: url)
                completionHandler(request)
            } catch {
                update(task) { $0.failure = error }
                completionHandler(nil)
                task.cancel()
            }
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        update(dataTask) { $0.data.append(data) }
    }

    func urlSession(_ session: URLSession, downloadTask: URLSessionDownloadTask, didFinishDownloadingTo location: URL) {
        // The system removes its file when this returns.
        let files = FileManager.default
        let file = files.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let moved = Result { try files.moveItem(at: location, to: file) }
        update(downloadTask) { transfer in
            switch moved {
            case .success: transfer.file = file
            case .failure(let error): transfer.failure = error
            }
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let transfer = running.with({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let failure = transfer.failure ?? error {
            transfer.file.map { try? FileManager.default.removeItem(at: $0) }
            transfer.finish.resume(throwing: failure)
        } else if let response = task.response {
            transfer.finish.resume(returning: Answer(data: transfer.data, file: transfer.file, response: response))
        } else {
            transfer.finish.resume(throwing: URLError(.badServerResponse))
        }
    }
}
