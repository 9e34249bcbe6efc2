import Octroi

/// What the app says by itself. The verdict, the reasons and the questions are octroi's, and stand nowhere here.
public struct Texts: Sendable {
    /// It is called so in every language.
    public static let appName = "octroi"

    public let checking: String
    public let failed: String
    let failedNewer: String
    let failedOtherwise: String
    public let openSettings: String
    public let writeSupervisor: String
    public let nothingAnswers: String
    public let choiceOrganization: String
    public let choiceSomebodyElse: String
    public let choiceFull: String
    public let choicePartial: String
    public let choiceNone: String
    public let choicePresent: String
    public let choiceAbsent: String
    public let notKnown: String
    public let answers: String
    public let takeBack: String
    public let factOwnership: String
    public let factPurchase: String
    public let factSubscription: String
    public let factUsage: String
    public let lookedAt: String
    public let staysHere: String
    public let openDocument: String
    public let close: String
    public let demonstration: String
    public let demonstrationNoHost: String
    public let sendRequest: String
    let failedConfiguration: @Sendable (_ key: String) -> String
    let factApp: @Sendable (_ app: String) -> String
    let about: @Sendable (_ what: String, _ said: String) -> String
    public let demonstrationAbout: @Sendable (_ host: String) -> String
    let asking: @Sendable (_ host: String) -> String
    let passed: @Sendable (_ host: String, _ status: Int) -> String
    let noAnswer: @Sendable (_ host: String) -> String
    let stopped: @Sendable (_ why: String) -> String

    /// Those of a language.
    public static func of(_ language: Language) -> Texts {
        switch language {
        case .fr: french
        case .nl: dutch
        case .de: german
        case .en: english
        }
    }
}

extension Texts {
    private static let french = Texts(
        checking: "Cet appareil est en cours de vérification…",
        failed: "Rien n'a pu être décidé : l'accès est fermé",
        failedNewer: "Une version plus récente de cette application a déjà été utilisée sur cet appareil. Veuillez mettre l'application à jour.",
        failedOtherwise: "Veuillez fermer l'application et la rouvrir. Si cela n'aide pas, signalez-le à votre service d'assistance.",
        openSettings: "Ouvrir les réglages",
        writeSupervisor: "Écrire au supérieur fonctionnel",
        nothingAnswers: "Aucune application de cet appareil ne peut le faire.",
        choiceOrganization: "À l'administration ou à une telle autorité",
        choiceSomebodyElse: "À quelqu'un d'autre",
        choiceFull: "Oui, en entier",
        choicePartial: "Oui, en partie",
        choiceNone: "Non",
        choicePresent: "Elle s'y trouve",
        choiceAbsent: "Elle ne s'y trouve pas",
        notKnown: "Inconnu",
        answers: "Vos réponses",
        takeBack: "Retirer",
        factOwnership: "Propriétaire de l'appareil",
        factPurchase: "Achat payé par une autorité",
        factSubscription: "Abonnement payé par une autorité",
        factUsage: "Utilisation payée par une autorité",
        lookedAt: "Ce qui a été regardé, et ce qui ne l'a pas été",
        staysHere: "Ce qui a été trouvé reste sur cet appareil : cette application n'en envoie rien.",
        openDocument: "Ouvrir le document",
        close: "Fermer",
        demonstration: "Essayer le réseau interne",
        demonstrationNoHost: "Aucun hôte interne n'est indiqué.",
        sendRequest: "Envoyer une requête",
        failedConfiguration: {
            "Ce que la gestion des appareils indique sous « \($0) » n'est pas compris. Veuillez le signaler à votre service d'assistance."
        },
        factApp: { "Application (\($0))" },
        about: { "\($0) : \($1)" },
        demonstrationAbout: { "Envoie une requête à \($0), un hôte interne. Elle ne passe que si l'accès est autorisé." },
        asking: { "\($0) est en train d'être interrogé…" },
        passed: { "La requête est passée : \($0) a répondu avec le statut \($1)." },
        noAnswer: { "La requête est passée, mais \($0) n'a pas répondu." },
        stopped: { "La requête a été arrêtée avant toute connexion. \($0)." }
    )
}

extension Texts {
    private static let dutch = Texts(
        checking: "Dit toestel wordt nagekeken…",
        failed: "Er kon niets beslist worden: de toegang is gesloten",
        failedNewer: "Op dit toestel is al een nieuwere versie van deze app gebruikt. Gelieve de app bij te werken.",
        failedOtherwise: "Gelieve de app te sluiten en opnieuw te openen. Helpt dat niet, meld het dan aan uw helpdesk.",
        openSettings: "Instellingen openen",
        writeSupervisor: "De leidinggevende schrijven",
        nothingAnswers: "Geen enkele app op dit toestel kan dat.",
        choiceOrganization: "Van het bestuur of van zo'n overheid",
        choiceSomebodyElse: "Van iemand anders",
        choiceFull: "Ja, volledig",
        choicePartial: "Ja, gedeeltelijk",
        choiceNone: "Nee",
        choicePresent: "De app staat erop",
        choiceAbsent: "De app staat er niet op",
        notKnown: "Niet bekend",
        answers: "Uw antwoorden",
        takeBack: "Intrekken",
        factOwnership: "Eigenaar van het toestel",
        factPurchase: "Aankoop betaald door een overheid",
        factSubscription: "Abonnement betaald door een overheid",
        factUsage: "Gebruik betaald door een overheid",
        lookedAt: "Waarnaar gekeken is, en waarnaar niet",
        staysHere: "Wat gevonden is, blijft op dit toestel: deze app verstuurt er niets van.",
        openDocument: "Document openen",
        close: "Sluiten",
        demonstration: "Het interne netwerk proberen",
        demonstrationNoHost: "Er is geen interne host ingesteld.",
        sendRequest: "Een verzoek sturen",
        failedConfiguration: { "Wat het toestelbeheer onder ‘\($0)’ zegt, is niet te begrijpen. Gelieve dit aan uw helpdesk te melden." },
        factApp: { "App (\($0))" },
        about: { "\($0): \($1)" },
        demonstrationAbout: { "Stuurt een verzoek naar \($0), een interne host. Het wordt alleen doorgelaten als de toegang toegestaan is." },
        asking: { "\($0) wordt gevraagd…" },
        passed: { "Het verzoek is doorgelaten: \($0) antwoordde met status \($1)." },
        noAnswer: { "Het verzoek is doorgelaten, maar \($0) antwoordde niet." },
        stopped: { "Het verzoek is tegengehouden, nog voor er een verbinding was. \($0)." }
    )
}

extension Texts {
    private static let german = Texts(
        checking: "Dieses Gerät wird geprüft…",
        failed: "Es konnte nichts entschieden werden: Der Zugang ist geschlossen",
        failedNewer: "Auf diesem Gerät wurde schon eine neuere Version dieser App benutzt. Bitte aktualisieren Sie die App.",
        failedOtherwise: "Bitte schließen Sie die App und öffnen Sie sie wieder. Hilft das nicht, melden Sie es Ihrem Helpdesk.",
        openSettings: "Einstellungen öffnen",
        writeSupervisor: "Der Führungskraft schreiben",
        nothingAnswers: "Keine App auf diesem Gerät kann das.",
        choiceOrganization: "Der Verwaltung oder einer solchen Behörde",
        choiceSomebodyElse: "Jemand anderem",
        choiceFull: "Ja, ganz",
        choicePartial: "Ja, teilweise",
        choiceNone: "Nein",
        choicePresent: "Die App ist da",
        choiceAbsent: "Die App ist nicht da",
        notKnown: "Nicht bekannt",
        answers: "Ihre Antworten",
        takeBack: "Zurücknehmen",
        factOwnership: "Eigentümer des Geräts",
        factPurchase: "Kauf von einer Behörde bezahlt",
        factSubscription: "Abonnement von einer Behörde bezahlt",
        factUsage: "Nutzung von einer Behörde bezahlt",
        lookedAt: "Was angesehen wurde und was nicht",
        staysHere: "Was gefunden wurde, bleibt auf diesem Gerät: Diese App sendet nichts davon.",
        openDocument: "Dokument öffnen",
        close: "Schließen",
        demonstration: "Das interne Netz ausprobieren",
        demonstrationNoHost: "Es ist kein interner Host festgelegt.",
        sendRequest: "Eine Anfrage senden",
        failedConfiguration: { "Was die Geräteverwaltung unter „\($0)“ angibt, ist nicht verständlich. Bitte melden Sie das Ihrem Helpdesk." },
        factApp: { "App (\($0))" },
        about: { "\($0): \($1)" },
        demonstrationAbout: { "Sendet eine Anfrage an \($0), einen internen Host. Sie wird nur durchgelassen, wenn der Zugang erlaubt ist." },
        asking: { "\($0) wird gefragt…" },
        passed: { "Die Anfrage wurde durchgelassen: \($0) antwortete mit Status \($1)." },
        noAnswer: { "Die Anfrage wurde durchgelassen, aber \($0) antwortete nicht." },
        stopped: { "Die Anfrage wurde aufgehalten, bevor es eine Verbindung gab. \($0)." }
    )
}

extension Texts {
    private static let english = Texts(
        checking: "This phone is being checked…",
        failed: "Nothing could be decided: access is closed",
        failedNewer: "A newer version of this app has been used on this phone. Please update the app.",
        failedOtherwise: "Please close the app and open it again. If that does not help, tell your helpdesk.",
        openSettings: "Open Settings",
        writeSupervisor: "Write to the supervisor",
        nothingAnswers: "No app on this phone can do that.",
        choiceOrganization: "The administration's, or such an authority's",
        choiceSomebodyElse: "Somebody else's",
        choiceFull: "Yes, in full",
        choicePartial: "Yes, in part",
        choiceNone: "No",
        choicePresent: "It is there",
        choiceAbsent: "It is not there",
        notKnown: "Not known",
        answers: "Your answers",
        takeBack: "Take back",
        factOwnership: "Owner of the device",
        factPurchase: "Purchase paid by an authority",
        factSubscription: "Subscription paid by an authority",
        factUsage: "Use paid by an authority",
        lookedAt: "What was looked at, and what was not",
        staysHere: "What was found stays on this phone: this app sends none of it.",
        openDocument: "Open the document",
        close: "Close",
        demonstration: "Try the internal network",
        demonstrationNoHost: "No internal host is set.",
        sendRequest: "Send a request",
        failedConfiguration: { "What the device management says under ‘\($0)’ is not understood. Please tell your helpdesk." },
        factApp: { "App (\($0))" },
        about: { "\($0): \($1)" },
        demonstrationAbout: { "Sends a request to \($0), an internal host. The gate lets it pass only if access is allowed." },
        asking: { "\($0) is being asked…" },
        passed: { "The gate let the request pass: \($0) answered with status \($1)." },
        noAnswer: { "The gate let the request pass, but \($0) did not answer." },
        stopped: { "The gate stopped the request before any connection. \($0)." }
    )
}
