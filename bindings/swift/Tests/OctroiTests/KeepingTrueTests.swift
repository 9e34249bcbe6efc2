import Foundation
@testable import Octroi
import Testing

/// Nobody keeps a verdict that is no longer true, and nobody is asked again and again.
@MainActor
@Suite struct KeepingTrueTests {
    let phone = TestPhone()

    @Test func whoListensIsToldAtOnceAndOnce() async throws {
        let gate = try phone.gate()
        let listener = Listener(gate.assessments)
        #expect(try await listener.next().status == .compliant)
        #expect(try await listener.isSilent())
        let later = Listener(gate.assessments)
        #expect(try await later.next().status == .compliant)
        #expect(phone.applications.asked.count == 1 + schemes.count)
    }

    @Test func comingToTheForegroundHasALookTaken() async throws {
        let gate = try phone.gate()
        let listener = Listener(gate.assessments)
        #expect(try await listener.next().access.decision == .permit)
        phone.applications.answering = [tiktok]
        phone.enterForeground()
        #expect(try await listener.next().access.decision == .deny)
    }

    @Test func aConfigurationThatArrivesLateCountsAndAWrongOneIsTold() async throws {
        let gate = try phone.gate()
        let listener = Listener(gate.outcomes)
        guard case .decided = try await listener.next() else { throw Unexpected("no verdict") }
        phone.configure(["octroi.device.ownership": "organization"])
        phone.announceDefaults()
        guard case .decided(let late) = try await listener.next() else { throw Unexpected("no verdict") }
        #expect(late.className == .service)
        phone.configure(["octroi.wrong": "x"])
        phone.announceDefaults()
        guard case .failed(let error) = try await listener.next() else { throw Unexpected("a verdict") }
        #expect(error is OctroiError)
    }

    @Test func otherDefaultsOfTheAppChangeUnheeded() async throws {
        let gate = try phone.gate()
        let listener = Listener(gate.outcomes)
        _ = try await listener.next()
        phone.configure(["own.key": "x"])
        phone.announceDefaults()
        #expect(try await listener.isSilent())
    }

    @Test func anAnswerIsTold() async throws {
        let gate = try phone.gate()
        let listener = Listener(gate.assessments)
        _ = try await listener.next()
        try await gate.declare(.ownership(.organization))
        #expect(try await listener.next().className == .service)
    }

    @Test func theEndOfAVerdictHasALookTaken() async throws {
        let ends = Date(timeIntervalSince1970: 1_680_559_200)  // 2023-04-03T22:00:00Z
        let phone = TestPhone(now: ends.addingTimeInterval(-1))
        phone.configure(["octroi.device.ownership": "organization"])
        phone.applications.answering = [tiktok]
        let gate = try phone.gate()
        let listener = Listener(gate.assessments)
        let before = try await listener.next()
        #expect(before.status == .inGracePeriod)
        #expect(before.validUntil == ends)
        phone.clock.set(ends)
        #expect(try await listener.next().access.decision == .deny)
    }

    @Test func aRequestIsDecidedOnAFreshLookWhereTheLastOneIsOld() async throws {
        let gate = try phone.gate(oldestForRequests: 300)
        #expect(try await gate.currentAssessment().access.decision == .permit)
        phone.applications.answering = [tiktok]
        phone.clock.advance(240)
        #expect(try await gate.currentAssessment().access.decision == .permit)
        phone.clock.advance(120)
        #expect(try await gate.currentAssessment().access.decision == .deny)
    }

    /// Nothing tells an app for sure that its management has spoken.
    @Test func aRequestIsDecidedUnderWhatTheManagementSaysNow() async throws {
        let gate = try phone.gate()
        #expect(try await gate.currentAssessment().className == .undetermined)
        phone.configure(["octroi.device.ownership": "organization"])
        #expect(try await gate.currentAssessment().className == .service)
    }

    @Test func aRequestAfterAChangeDoesNotCountOnTheCheckBeforeIt() async throws {
        let gate = try phone.gate()
        #expect(try await gate.currentAssessment().access.decision == .permit)
        phone.applications.answering = [tiktok]
        phone.enterForeground()
        #expect(try await gate.currentAssessment().access.decision == .deny)
    }

    @Test func aNewProcessLooksBeforeItLetsARequestPass() async throws {
        _ = try await phone.check()
        phone.applications.answering = [tiktok]
        #expect(try await phone.gate().currentAssessment().access.decision == .deny)
    }

    /// A page is many requests: whoever asks while the phone is looked at shares the look after it, and nobody has one of their own.
    @Test func manyTasksAtOnceShareTheirLooks() async throws {
        let gate = try phone.gate()
        phone.clock.hold()
        let first = Task { try await gate.check() }
        try await phone.applications.haveBeenAsked()
        let begun = Locked(0)
        let tasks = (0..<64).map { number in
            Task {
                begun.with { $0 += 1 }
                return number < 32 ? try await gate.check() : try await gate.currentAssessment()
            }
        }
        while begun.with({ $0 }) < tasks.count { await Task.yield() }
        // So that the last ones wait, too.
        try await Task.sleep(nanoseconds: 100_000_000)
        #expect(phone.applications.looks == 1)
        phone.clock.letGo()
        let assessment = try await first.value
        for task in tasks { #expect(try await task.value == assessment) }
        // The third is for one that came too late for the second.
        #expect((2...3).contains(phone.applications.looks))
    }

    @Test func aTaskThatIsCancelledTakesNobodysCheckAway() async throws {
        let gate = try phone.gate()
        let cancelled = Task { try await gate.check() }
        let waiting = Task { try await gate.check() }
        cancelled.cancel()
        #expect(try await waiting.value.status == .compliant)
        #expect(try await gate.check().status == .compliant)
    }

    @Test func aGateThatWasClosedDecidesAndSaysNothing() async throws {
        let gate = try phone.gate()
        _ = try await gate.check()
        let listener = Listener(gate.assessments)
        _ = try await listener.next()
        gate.close()
        await #expect(throws: GateClosed()) { try await gate.currentAssessment() }
        await #expect(throws: GateClosed()) { try await gate.check() }
        await #expect(throws: GateClosed()) { try await gate.declare(.ownership(.organization)) }
        #expect(try await gate.answers().ownership == nil)
        await #expect(throws: GateClosed()) { try await gate.withdraw(.fact(.ownership)) }
        phone.enterForeground()
        #expect(try await listener.isSilent())
        for await _ in gate.assessments { break }
    }

    @Test func aGateThatNobodyHoldsIsGone() async throws {
        var gate: Gate? = try phone.gate()
        weak var weakly = gate
        _ = try await gate?.check()
        gate = nil
        #expect(weakly == nil)
    }
}
