import Octroi

/// The words of the forms, and what they are in Swift.
enum Words {
    static let platform: [String: Platform] = [
        "android": .android, "ios": .ios, "macos": .macos, "windows": .windows, "linux": .linux, "chromeos": .chromeos,
    ]
    static let ownership: [String: Ownership] = ["organization": .organization, "personal": .personal, "unknown": .unknown]
    static let share: [String: Share] = ["none": .none, "partial": .partial, "full": .full, "unknown": .unknown]
    static let source: [String: Source] = [
        "mdm": .mdm, "managed_config": .managedConfig, "platform": .platform, "self_declared": .selfDeclared,
    ]
    static let scope: [String: Scope] = ["device": .device, "profile": .profile]
    static let declared: [String: Declared] = ["absent": .absent, "present": .present]
    static let decision: [String: Decision] = ["permit": .permit, "deny": .deny]
    static let selfDeclaredFacts: [String: SelfDeclaredFacts] = ["accepted": .accepted, "incriminating_only": .incriminatingOnly]
    static let declaredAbsence: [String: DeclaredAbsence] = ["accepted": .accepted, "refused": .refused]
    static let workingWeek: [String: WorkingWeek] = ["mon-fri": .monFri, "mon-sat": .monSat]
    static let zone: [String: NetworkZone] = ["none": .none, "personal": .personal, "service": .service]
    static let status: [String: Status] = [
        "compliant": .compliant, "in_grace_period": .inGracePeriod, "noncompliant": .noncompliant, "unknown": .unknown,
        "not_applicable": .notApplicable,
    ]
    static let className: [String: ClassName] = ["service": .service, "personal": .personal, "undetermined": .undetermined]
    static let presence: [String: Presence] = ["present": .present, "absent": .absent, "unknown": .unknown]
    static let install: [String: Install] = ["existing": .existing, "new": .new]
    static let obligationKind: [String: ObligationKind] = ["remove_app": .removeApp, "inform_supervisor": .informSupervisor]
    static let obligationState: [String: ObligationState] = [
        "pending": .pending, "overdue": .overdue, "due_now": .dueNow, "done": .done,
    ]
    static let fact: [String: Fact] = [
        "ownership": .ownership, "funding.purchase": .purchase, "funding.subscription": .subscription, "funding.usage": .usage,
    ]
}
