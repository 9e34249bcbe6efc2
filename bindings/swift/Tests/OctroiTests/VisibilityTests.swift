import Foundation
@testable import Octroi
import Testing

/// An app that iOS would not answer for must never pass for one that is absent.
@MainActor
@Suite struct VisibilityTests {
    private let other = (1...60).map { "other\($0)" }

    private func evidence(_ phone: TestPhone) async throws -> [Code] {
        let finding = try await phone.check().finding
        #expect(finding.presence == .unknown)
        return finding.evidence
    }

    @Test func whatTheAppDoesNotDeclareIsNotVisible() async throws {
        #expect(try await evidence(TestPhone(declaring: [])) == [Codes.notVisible])
        #expect(try await evidence(TestPhone(declaring: ["snssdk1233", "snssdk1180"])) == [Codes.notVisible])
    }

    @Test func whatIsNotDeclaredIsNotAskedFor() async throws {
        let phone = TestPhone(declaring: [tiktok])
        _ = try await phone.check()
        #expect(phone.applications.asked == ["app-settings", tiktok])
    }

    @Test func whatAnswersIsThereWhateverElseIsNotVisible() async throws {
        let phone = TestPhone(declaring: [tiktok])
        phone.applications.answering = [tiktok]
        #expect(try await phone.check().finding.presence == .present)
    }

    @Test func aPhoneThatAnswersNothingProvesNothing() async throws {
        let phone = TestPhone()
        phone.applications.refusing = true
        #expect(try await evidence(phone) == [Codes.notVisible])
    }

    @Test(arguments: [("iphoneos18.2", 50), ("iphonesimulator26.0", 50), ("iphoneos27.0", 25), ("iphoneos100.1", 25), (nil, 25), ("unknown", 25)])
    func schemesBeyondTheLimitAreNotVisible(_ sdk: String?, _ limit: Int) async throws {
        let within = other.prefix(limit - schemes.count) + schemes
        #expect(try await TestPhone(declaring: Array(within), sdk: sdk).check().status == .compliant)
        let beyond = other.prefix(limit - schemes.count + 1) + schemes
        #expect(try await evidence(TestPhone(declaring: Array(beyond), sdk: sdk)) == [Codes.notVisible])
    }

    /// Where iOS does not take one for the other, the app would be told absent on every phone.
    @Test func aSchemeThatIsDeclaredInOtherLettersIsNotReliedOn() {
        let declared = DeclaredSchemes(infoDictionary: ["LSApplicationQueriesSchemes": ["SNSSDK1233"], "DTSDKName": "iphoneos18.2"])
        #expect(declared.covers("SNSSDK1233"))
        #expect(!declared.covers("snssdk1233"))
        #expect(!declared.covers("snssdk1180"))
    }

    @Test func aPropertyListThatHoldsOtherThingsDeclaresNothing() {
        for schemes: Any in ["snssdk1233", ["snssdk1233": true], [1, 2]] as [Any] {
            #expect(!DeclaredSchemes(infoDictionary: ["LSApplicationQueriesSchemes": schemes]).covers("snssdk1233"))
        }
        #expect(!DeclaredSchemes(infoDictionary: nil).covers("snssdk1233"))
    }

    @Test func anObservationSaysWhatItIs() async throws {
        let phone = TestPhone(declaring: ["snssdk1233", "snssdk1180"])
        phone.applications.answering = [tiktok]
        let watchlist = try Policies.embedded(deployment: defaultDeployment()).watchlist(platform: .ios)
        let probe = SchemeProbe(
            application: phone.applications,
            declared: DeclaredSchemes(infoDictionary: ["LSApplicationQueriesSchemes": ["snssdk1233", "snssdk1180"]])
        )
        #expect(
            probe.observe(watchlist)
                == Observation(
                    source: .platform,
                    scope: .device,
                    apps: [SeenApp(seen: .scheme("snssdk1233"))],
                    absent: [.scheme("snssdk1180")],
                    notVisible: [.scheme("snssdk473824")]
                ))
    }
}
