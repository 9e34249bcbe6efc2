import Foundation
@testable import Octroi

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// A web server on this machine that counts who connects.
final class Server: Sendable {
    let port: UInt16
    private let socket: Int32
    private let accepted = Locked(0)
    private let asked = Locked<[String]>([])
    private let pause: TimeInterval

    /// How many connections there were.
    var connections: Int { accepted.with { $0 } }

    /// How many requests there were.
    var requests: Int { heads.count }

    /// What each request said before its body.
    var heads: [String] { asked.with { $0 } }

    /// - Parameters:
    ///   - pause: how long it waits before each byte of an answer, in seconds.
    ///   - answer: the whole answer to a request, from its path and its body.
    init(pause: TimeInterval = 0, _ answer: @escaping @Sendable (_ path: String, _ body: Data) -> String = { _, _ in Server.ok("hello") }) throws {
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        self.pause = pause
        // Whom nobody listens to any more learns it from `write`.
        signal(SIGPIPE, SIG_IGN)
        socket = Self.listening(stream)
        port = Self.port(of: socket)
        guard port > 0 else { throw Unexpected("cannot listen") }
        Thread.detachNewThread { [self, socket, accepted] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else {
                    #if !canImport(Darwin)
                    Self.end(socket)
                    #endif
                    return
                }
                accepted.with { $0 += 1 }
                Thread.detachNewThread { self.serve(connection, answer) }
            }
        }
    }

    func close() {
        #if canImport(Darwin)
        Self.end(socket)
        #else
        // Whoever accepts gives the number back: another server might have it by then, and its connections would come here.
        shutdown(socket, Int32(SHUT_RDWR))
        #endif
    }

    private static func end(_ socket: Int32) {
        #if canImport(Darwin)
        Darwin.close(socket)
        #else
        Glibc.close(socket)
        #endif
    }

    static func ok(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nCache-Control: no-store\r\n\r\n\(body)"
    }

    static func failure(_ status: Int, _ body: String = "") -> String {
        "HTTP/1.1 \(status) Failed\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func redirect(to location: String, status: Int = 302) -> String {
        "HTTP/1.1 \(status) Elsewhere\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n"
    }

    private func serve(_ connection: Int32, _ answer: (String, Data) -> String) {
        defer { Self.end(connection) }
        var received = Data()
        while let (head, body) = Self.request(connection, &received) {
            asked.with { $0.append(head) }
            let answer = answer(head.components(separatedBy: " ")[1], body)
            let bytes = Array(answer.utf8)
            for piece in pause > 0 ? bytes.map({ [$0] }) : [bytes] {
                Thread.sleep(forTimeInterval: pause)
                guard write(connection, piece, piece.count) == piece.count else { return }
            }
            if answer.contains("Connection: close") { return }
        }
    }

    /// The head and the body of the next request; nil once there is none.
    private static func request(_ connection: Int32, _ received: inout Data) -> (String, Data)? {
        func more() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(connection, &buffer, buffer.count)
            if count > 0 { received.append(contentsOf: buffer[..<count]) }
            return count > 0
        }
        var end = received.range(of: Data("\r\n\r\n".utf8))
        while end == nil {
            guard more() else { return nil }
            end = received.range(of: Data("\r\n\r\n".utf8))
        }
        guard let end else { return nil }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received = Data(received[end.upperBound...])
        let length = head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }?.split(separator: ":").last
        let count = length.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 0
        while received.count < count {
            guard more() else { return nil }
        }
        let body = received.prefix(count)
        received = Data(received.dropFirst(count))
        return (head, Data(body))
    }

    /// On all addresses of this machine, so that a test can reach it under several.
    private static func listening(_ stream: Int32) -> Int32 {
        #if canImport(Darwin)
        let listener = Darwin.socket(AF_INET6, stream, 0)
        #else
        let listener = Glibc.socket(AF_INET6, stream, 0)
        #endif
        var both: Int32 = 0
        setsockopt(listener, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &both, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) }
        }
        listen(listener, 50)
        return listener
    }

    private static func port(of socket: Int32) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        return UInt16(bigEndian: address.sin6_port)
    }
}
