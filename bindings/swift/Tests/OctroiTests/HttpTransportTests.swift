import Foundation
@testable import Octroi
import Testing

/// A web server may be anybody's: what it does harms no phone, and it hears nothing but which file is asked for.
@Suite struct HttpTransportTests {
    private func transport(_ server: Server, _ folder: String = "", timeout: TimeInterval = 10) throws -> HttpTransport {
        let url = try #require(URL(string: "http://localhost:\(server.port)\(folder)"))
        return try HttpTransport(url: url, timeout: timeout)
    }

    @Test(arguments: ["", "/", "/srv/policies", "/srv/policies/"])
    func aFileIsLookedForInTheFolder(_ folder: String) throws {
        let server = try Server { path, _ in Server.ok(path) }
        let transport = try transport(server, folder)
        let root = folder.hasSuffix("/") ? folder : folder + "/"
        for path in ["metadata/timestamp.json", "metadata/1.a%2Fb.json", "targets/policies/x/1.json"] {
            let file = try #require(try transport.fetch(path: path, most: 1000))
            #expect(String(decoding: file, as: UTF8.self) == root + path)
        }
    }

    @Test(arguments: [403, 404])
    func whatIsNotThereIsNone(_ status: Int) throws {
        let server = try Server { _, _ in Server.failure(status, "a page that says so at length") }
        #expect(try transport(server).fetch(path: "metadata/2.root.json", most: 4) == nil)
    }

    @Test(arguments: [204, 304, 401, 410, 429, 500, 503])
    func whatCannotBeToldIsNotNone(_ status: Int) throws {
        let server = try Server { _, _ in Server.failure(status) }
        #expect(throws: PortError.Failed(reason: "the server answered \(status), expected 200")) {
            try transport(server).fetch(path: "metadata/2.root.json", most: 1000)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aPhoneAsksNobodyElse(_ status: Int) throws {
        let elsewhere = try Server()
        let server = try Server { _, _ in Server.redirect(to: "http://localhost:\(elsewhere.port)/", status: status) }
        #expect(throws: PortError.Failed(reason: "the server answered \(status), expected 200")) {
            try transport(server).fetch(path: "metadata/timestamp.json", most: 1000)
        }
        #expect(elsewhere.connections == 0)
    }

    @Test func aServerThatHangsIsNotWaitedForLong() throws {
        let silent = try Server { _, _ in
            Thread.sleep(forTimeInterval: 30)
            return Server.ok("late")
        }
        let began = Date()
        #expect(throws: PortError.self) { try transport(silent, timeout: 0.5).fetch(path: "metadata/timestamp.json", most: 1000) }
        #expect(-began.timeIntervalSinceNow < 10)
    }

    /// Each byte comes in time, and the file never.
    @Test func norIsOneThatDripsWithoutAnEnd() throws {
        let dripping = try Server(pause: 0.1) { _, _ in Server.ok(String(repeating: "x", count: 1000)) }
        let began = Date()
        #expect(throws: PortError.self) { try transport(dripping, timeout: 1).fetch(path: "metadata/timestamp.json", most: 1000) }
        #expect(-began.timeIntervalSinceNow < 10)
    }

    @Test func ofWhatIsTooLongNoMoreIsReadThanSaysSo() throws {
        let server = try Server { _, _ in Server.ok(String(repeating: "x", count: 64_000_000)) }
        let transport = try transport(server)
        let read = try #require(try transport.fetch(path: "metadata/timestamp.json", most: 1000))
        #expect(read.count > 1000)
        #expect(read.count < 4_000_000)
        let whole = try Server { _, _ in Server.ok("1234") }
        #expect(try self.transport(whole).fetch(path: "a", most: 4) == Data("1234".utf8))
        #expect(try self.transport(whole).fetch(path: "a", most: .max) == Data("1234".utf8))
    }

    @Test func whatBreaksOffIsNoFile() throws {
        let server = try Server { _, _ in "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nhalf" }
        #expect(throws: (any Error).self) { try transport(server, timeout: 2).fetch(path: "metadata/timestamp.json", most: 1000) }
        let gone = try Server()
        gone.close()
        #expect(throws: (any Error).self) { try transport(gone).fetch(path: "metadata/timestamp.json", most: 1000) }
    }

    @Test func nothingIsKeptOfAnAnswerAndNothingToldOfThePhone() throws {
        let server = try Server { _, _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=3600\r\nSet-Cookie: phone=1; Path=/\r\n\r\nok"
        }
        let transport = try transport(server)
        for _ in 0..<2 { #expect(try transport.fetch(path: "metadata/timestamp.json", most: 1000) == Data("ok".utf8)) }
        #expect(server.requests == 2)
        #expect(!server.heads.joined().lowercased().contains("cookie:"))
    }

    @Test(arguments: [
        "http://policies.example.org/", "http://localhost.example.org/", "http://127.0.0.1.example.org/", "http://10.0.0.1/", "ftp://localhost/",
        "file:///srv/policies", "https:///policies", "policies", "https://policies.example.org/?key=1", "https://policies.example.org/#a",
    ])
    func anAddressThatIsNotOfHttpsIsNoRepository(_ address: String) throws {
        let url = try #require(URL(string: address))
        #expect(throws: URLError(.unsupportedURL)) { try HttpTransport(url: url) }
    }

    @Test(arguments: ["https://policies.example.org", "HTTPS://policies.example.org/a/", "http://127.0.0.1:8080/a", "http://[::1]:8080/"])
    func oneOfHttpsOrOfThisMachineIs(_ address: String) throws {
        _ = try HttpTransport(url: try #require(URL(string: address)))
    }
}
