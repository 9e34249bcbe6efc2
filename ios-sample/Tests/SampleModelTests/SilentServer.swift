import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// A server on this machine that takes connections and says nothing.
final class SilentServer: Sendable {
    let port: UInt16
    private let listener: Int32

    init() throws {
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        let listener = socket(AF_INET, stream, 0)
        listen(listener, 5)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        if port == 0 { throw CocoaError(.fileReadUnknown) }
    }

    /// Those who wait for an answer are told that there will be none.
    func close() { _ = shutdown(listener, Int32(SHUT_RDWR)) }

    deinit {
        #if canImport(Darwin)
        Darwin.close(listener)
        #else
        Glibc.close(listener)
        #endif
    }
}
