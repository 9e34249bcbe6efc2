import Foundation

/// Decides whether this iPhone may reach its administration's internal network, and keeps that true.
///
/// Open one when the app starts, and keep it for as long as the process lives. Any task may use it.
///
/// ```swift
/// let gate = try Gate.open()
/// let assessment = try await gate.check()
/// if assessment.access.decision == .permit { connect() } else { show(try gate.explain(assessment)) }
/// ```
///
/// Of the apps on the phone it asks for those that the policies name, by the URL schemes that this app declares, one by one. There
/// is no list of what is installed.
public final class Gate: AccessGuard, Sendable {
    private let core: GateCore
    private let phone: Phone
    private let oldestForRequests: TimeInterval
    private let outlook = Outlook()
    private let checks: Checks<Checked>
    private let triggers = Locked<Triggers?>(nil)

    /// Opens a gate that looks at this phone. An extension of an app cannot: it would find nothing visible, and keep that.
    /// It asks a ``GateCore`` on the app's ``GateSettings/directory`` for what is `current`, and does not `check`.
    ///
    /// - Parameters:
    ///   - phone: what there is to ask; under iOS `Gate.open()` asks the system itself.
    ///   - deployment: what the administration sets; the managed configuration may say otherwise.
    ///   - clock: what tells the time, if not the system's clock.
    /// - Throws: ``OctroiError`` if the deployment is wrong, or the state cannot be used.
    @available(iOSApplicationExtension, unavailable)
    public static func open(
        phone: Phone,
        deployment: Deployment = defaultDeployment(),
        settings: GateSettings = GateSettings(),
        clock: (any Clock)? = nil
    ) throws -> Gate {
        let directory = try settings.stateDirectory()
        let core = try GateCore.open(directory: directory.path, deployment: deployment, clock: clock)
        let gate = Gate(core: core, phone: phone, oldestForRequests: GateSettings.age(settings.oldestForRequests))
        gate.listen()
        return gate
    }

    private init(core: GateCore, phone: Phone, oldestForRequests: TimeInterval) {
        self.core = core
        self.phone = phone
        self.oldestForRequests = oldestForRequests
        checks = Checks { [core, phone, outlook] in try await outlook.look(at: phone, with: core) }
    }

    deinit { close() }

    /// What came of the last check and of each one after it, for this listener. The first is made when somebody first listens.
    public var outcomes: AsyncStream<Outcome> {
        if outlook.outcomes.latest == nil { requestCheck() }
        return outlook.outcomes.listen { $0 }
    }

    /// The last assessment and each one after it, as things change: the app comes to the foreground, the management speaks, terms pass.
    ///
    /// A check that fails gives none; ``outcomes`` has those, too.
    public var assessments: AsyncStream<Assessment> {
        if outlook.outcomes.latest == nil { requestCheck() }
        return outlook.outcomes.listen { outcome in
            if case .decided(let assessment) = outcome { assessment } else { nil }
        }
    }

    /// The deployment that counts: the one that was given, with what the management says in its place.
    public var deployment: Deployment { core.deployment() }

    /// Looks at the device and decides.
    ///
    /// Checks are made one at a time, and who asks while one is under way shares the next. A check goes on when the task that asked
    /// for it is cancelled: others may wait for it.
    ///
    /// - Throws: ``OctroiError`` if the managed configuration is wrong, or the state cannot be used; ``GateClosed``. Nothing is permitted then.
    public func check() async throws -> Assessment {
        try outlook.requireOpen()
        return try await checks.make().assessment
    }

    /// Asks a repository (`docs/policy-repository.md`) for news of the policies that count, and decides again at once: under what came, and
    /// where nothing did, because what was signed for longer is stale no more. If that fails, ``outcomes`` says so.
    ///
    /// ```swift
    /// let changes = try await gate.refresh(HttpTransport(url: repository), root: root)
    /// ```
    ///
    /// - Parameters:
    ///   - transport: fetches its files, on a thread that may wait; ``HttpTransport`` mostly.
    ///   - root: the metadata of its role `root` that the app brings along. Who may sign is believed from there on.
    ///   - deployment: the name under which a device management publishes what it sets, if it does. Without it, what came under a name is
    ///     withdrawn.
    /// - Returns: what happened to each document that is not as it was.
    /// - Throws: ``OctroiError`` if the repository is not believed or not heard (`Repository`), and what held before holds; ``GateClosed``.
    @discardableResult
    public func refresh(_ transport: any Transport, root: Data, deployment: PolicyId? = nil) async throws -> [Change] {
        try outlook.requireOpen()
        // The management names policies, and may have done so before the first check.
        outlook.hear(phone, with: core)
        let changes = try await blocking { [core] in try core.refresh(transport: transport, root: root, deployment: deployment) }
        try outlook.requireOpen()
        outlook.outdate()
        _ = try? await checks.make()
        return changes
    }

    /// Looks at the device, decides, and states the same for a server (`docs/evidence.md`): an Entity Attestation Token as a JWT. Of the apps on
    /// the phone it says what the policies ask about, and nothing else.
    ///
    /// - Parameters:
    ///   - nonce: what the server gave out for this statement, 8 to 88 bytes.
    ///   - audience: whom the statement is for, as the server calls itself.
    ///   - signer: holds the key that the server knows, and is asked on a thread that may wait; `SecureEnclaveSigner` mostly.
    /// - Throws: what ``check()`` throws; ``OctroiError`` for a nonce or an audience that is none (`Value`), or if nothing can be signed (`Signer`).
    public func evidence(nonce: String, audience: String, signer: any EvidenceSigner) async throws -> String {
        try outlook.requireOpen()
        let record = try await checks.make().record
        let statement = try await blocking { [core] in
            try core.evidence(record: record, nonce: nonce, audience: audience, signer: signer)
        }
        try outlook.requireOpen()
        return statement
    }

    /// Keeps what the person says, in place of what was said of the same before, and decides again.
    ///
    /// - Throws: ``OctroiError`` if no policy knows the app, or if it cannot be kept; ``GateClosed``. Nothing is kept then.
    @discardableResult
    public func declare(_ statement: Statement) async throws -> Assessment {
        try outlook.requireOpen()
        try await blocking { [core] in try core.declare(statement: statement) }
        return try await check()
    }

    /// Forgets what the person said, and decides again.
    ///
    /// - Throws: ``OctroiError`` if that cannot be kept; ``GateClosed``. Nothing is forgotten then.
    @discardableResult
    public func withdraw(_ topic: Topic) async throws -> Assessment {
        try outlook.requireOpen()
        try await blocking { [core] in try core.withdraw(topic: topic) }
        return try await check()
    }

    /// All that the person said and did not take back.
    ///
    /// - Throws: ``OctroiError`` if the state cannot be read.
    public func answers() async throws -> Answers {
        try await blocking { [core] in try core.answers() }
    }

    /// The last assessment under the rules of today, however old; none if there was none, if something was said since, also by the
    /// management, or while nothing is decided. The phone itself is not looked at.
    ///
    /// - Throws: ``OctroiError`` if the state cannot be read.
    public func last() async throws -> Assessment? {
        outlook.hear(phone, with: core)
        return try await blocking { [core] in try core.last() }
    }

    /// Says an assessment of this gate in words, in the person's language unless another is asked for.
    public func explain(_ assessment: Assessment, in language: Language = .preferred) throws -> Explanation {
        try core.explain(assessment: assessment, language: language)
    }

    /// What the person can do under this assessment: the most useful first, none if nothing is asked of them.
    public func remedies(for assessment: Assessment, in language: Language = .preferred) throws -> [Remedy] {
        let explanation = try explain(assessment, in: language)
        return Remedies(deployment: deployment, explanation: explanation, language: language).remedies(for: assessment)
    }

    /// Whether a host is one that only a permitted device may reach, in capitals or with a dot at its end, too. How else a URL
    /// may write it, ``AccessGuard/requireAccess(to:)-(URL)`` knows.
    public func isInternal(_ host: String) -> Bool {
        // The management names hosts; a request may come before the first check.
        outlook.hear(phone, with: core)
        return core.isInternal(host: host)
    }

    /// The assessment that counts for a request: the last one, unless something changed since or it is too old.
    ///
    /// - Throws: what ``check()`` throws.
    public func currentAssessment() async throws -> Assessment {
        try outlook.requireOpen()
        // A check that is under way is waited for: what it finds counts, and not what was found before.
        await checks.settle()
        outlook.hear(phone, with: core)
        if !outlook.isOutdated {
            let current = try await blocking { [core, oldestForRequests] in try core.current(notOlderThan: oldestForRequests) }
            if let current {
                try outlook.requireOpen()
                return current
            }
        }
        return try await check()
    }

    /// Stops watching the device. Whatever this gate guards is denied from now on; what it kept stays for the next one.
    public func close() {
        triggers.with { $0 = nil }
        outlook.close()
    }

    private func listen() {
        let told = Triggers(phone: phone, changed: { [weak self] in self?.requestCheck() })
        triggers.with { $0 = told }
        outlook.onEnd { [weak self] in self?.requestCheck() }
    }

    private func requestCheck() {
        outlook.outdate()
        // What fails is told to those who listen.
        Task { [checks] in try? await checks.make() }
    }
}

#if canImport(UIKit) && os(iOS)
extension Gate {
    /// Opens the gate of this app, with its state in a folder of its own that no backup takes along.
    ///
    /// - Parameters:
    ///   - deployment: what the administration sets; the managed configuration may say otherwise.
    ///   - clock: what tells the time, if not the system's clock.
    /// - Throws: ``OctroiError`` if the deployment is wrong, or the state cannot be used.
    @available(iOSApplicationExtension, unavailable)
    @MainActor
    public static func open(
        deployment: Deployment = defaultDeployment(),
        settings: GateSettings = GateSettings(),
        clock: (any Clock)? = nil
    ) throws -> Gate {
        try open(phone: .ofThisApp, deployment: deployment, settings: settings, clock: clock)
    }
}
#endif
