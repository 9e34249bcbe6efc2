import Foundation
@testable import Octroi
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// An administration sets the same keys on an iPhone as on an Android phone, and finds them in the manual.
@Suite struct ParityTests {
    private func manual() throws -> [String] {
        let lines = try String(contentsOf: repositoryFile("docs/mdm.md"), encoding: .utf8).components(separatedBy: "\n")
        return lines.compactMap { line in
            line.hasPrefix("| `octroi.") ? line.components(separatedBy: "`")[1] : nil
        }
    }

    @Test func theSchemaForConsolesHasTheKeysOfTheManualAllOfThemStrings() throws {
        let schema = try XMLDocument(contentsOf: repositoryFile("bindings/swift/specfile.xml"))
        let keys = try schema.nodes(forXPath: "/managedAppConfiguration/dict/string/@keyName").map { $0.stringValue ?? "" }
        #expect(try keys == manual())
        #expect(keys.count > 20)
        let all = try schema.nodes(forXPath: "/managedAppConfiguration/dict/*")
        #expect(all.count == keys.count)
        let fields = try schema.nodes(forXPath: "/managedAppConfiguration/presentation/field/@keyName").map { $0.stringValue ?? "" }
        #expect(fields == keys)
    }

    @Test func everyTitleIsSaidInEachLanguage() throws {
        let schema = try XMLDocument(contentsOf: repositoryFile("bindings/swift/specfile.xml"))
        for field in try schema.nodes(forXPath: "/managedAppConfiguration/presentation/field") {
            let titles = try field.nodes(forXPath: "label/language").map { $0.stringValue ?? "" }
            #expect(Set(titles).count == 4)
            #expect(!titles.contains(""))
        }
    }

    @Test func theGateKnowsTheKeysOfTheManualAndNoOthers() async throws {
        let phone = await TestPhone()
        phone.configure(["octroi.unheard_of": "x"])
        do {
            _ = try await phone.check()
            Issue.record("it was taken")
        } catch OctroiError.Configuration(_, _, let expected) {
            let known = expected.components(separatedBy: "`").filter { $0.hasPrefix("octroi.") && !$0.hasSuffix(".") }
            #expect(try Set(known) == Set(manual()))
        }
    }
}
