package be.octroi

import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

internal class PoliciesTest {
    private val deployment = defaultDeployment().copy(
        administration = "Commune d'Exemple",
        zones = ZoneNames(service = "ADM-SERVICE"),
        contacts = Contacts(helpdesk = "help@example.org"),
        observationValidFor = Duration.ofDays(7),
    )
    private val record = Record(
        device = Device(platform = Platform.ANDROID, ownership = listOf(OwnershipStatement(Ownership.ORGANIZATION, Source.MDM))),
        observations = listOf(
            Observation(scope = Scope.DEVICE, apps = listOf(SeenApp(Seen.Id("com.zhiliaoapp.musically")))),
        ),
    )
    private val at = java.time.Instant.parse("2023-03-28T08:00:00Z")

    @Test
    fun `policies say which they are and what to look for`() = Policies.embedded(deployment).use { policies ->
        assertEquals(listOf("be-brussels-local"), policies.versions().map { it.id })
        val android = policies.watchlist(Platform.ANDROID)
        assertEquals(listOf("tiktok"), android.apps)
        assertTrue(android.ids.any { it.text == "com.zhiliaoapp.musically" && it.apps == listOf("tiktok") })
        assertTrue(android.schemes.isEmpty())
        assertTrue(policies.watchlist(Platform.IOS).schemes.any { it.text == "snssdk1233" })
    }

    @Test
    fun `an assessment is explained in each language, in the administration's own words`() =
        Policies.embedded(deployment).use { policies ->
            val assessment = policies.assess(record, deployment, at)
            val said = Language.values().associateWith { policies.explain(assessment, deployment, it) }
            assertEquals(4, said.values.map { it.verdict }.toSet().size)
            val english = said.getValue(Language.EN)
            assertEquals("Access allowed, removal due by 3 April 2023", english.verdict)
            assertTrue(english.network.contains("ADM-SERVICE"), english.network)
            assertTrue(english.contacts.single().contains("help@example.org"))
            val policy = english.policies.single()
            assertEquals("be-brussels-local", policy.policy)
            assertEquals("CIRC2023/07#2", policy.whatToDo.first().basis?.id)
            assertTrue(policy.why.any { it.interpretation })
            assertEquals("Why", english.headings.why)
            assertEquals("What to do", english.headings.whatToDo)
        }

    @Test
    fun `the language follows the locale`() {
        assertEquals(Language.NL, languageFromTag("nl-BE"))
        assertNull(languageFromTag("pt"))
    }

    @Test
    fun `every code has its constant, in the order of the list`() = Policies.embedded(deployment).use { policies ->
        val assessment = policies.assess(record, deployment, at)
        val said = assessment.assessments.single()
        val all = said.copy(findings = said.findings.map { it.copy(evidence = Codes.ALL.reversed()) })
        val json = assessmentToJson(assessment.copy(assessments = listOf(all)))
        val evidence = com.google.gson.JsonParser.parseString(json).asJsonObject
            .getAsJsonArray("assessments").single().asJsonObject
            .getAsJsonArray("findings").single().asJsonObject
            .getAsJsonArray("evidence").map { it.asString }
        assertEquals(Codes.ALL, evidence)
        assertEquals(Codes.OWNED_BY_ORGANIZATION, said.reasons.first().code)
    }

    @Test
    fun `many threads may ask at once`() = Policies.embedded(deployment).use { policies ->
        val expected = policies.assess(record, deployment, at)
        val threads = Executors.newFixedThreadPool(8)
        try {
            val asked = threads.invokeAll(List(400) { Callable { policies.assess(record, deployment, at) } })
            assertTrue(asked.all { it.get() == expected })
        } finally {
            threads.shutdown()
        }
    }
}
