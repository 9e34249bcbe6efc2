package be.octroi

import java.time.Duration
import java.time.LocalDate
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** What is wrong is an error of ours, by its variant, wherever it stands. */
internal class ErrorsTest {
    private val deployment = defaultDeployment()
    private val record = Record(Device(platform = Platform.ANDROID))
    private val now = java.time.Instant.parse("2023-04-20T07:00:00Z")

    private fun seen(app: SeenApp) = record.copy(observations = listOf(Observation(scope = Scope.DEVICE, apps = listOf(app))))

    @TestFactory
    fun `a value that is none of its kind is refused by its kind`(): List<DynamicTest> {
        val records = mapOf(
            "AppId" to record.copy(declarations = mapOf("" to Declaration(Declared.ABSENT))),
            "AppIdentifier" to seen(SeenApp(Seen.Id(""))),
            "ObservedText" to seen(SeenApp(Seen.Name(""))),
            "Signer" to seen(SeenApp(Seen.Id("org.example", signers = listOf("sha1:00")))),
            "NonEmpty" to record.copy(roles = listOf("")),
        )
        val deployments = mapOf(
            "PolicyId" to deployment.copy(policies = listOf("Not a policy")),
            "HostPattern" to deployment.copy(internalHosts = listOf("https://example.org")),
            "WholeHours" to deployment.copy(policyStaleAfter = Duration.ofMinutes(90)),
            "Day" to deployment.copy(extraHolidays = setOf(LocalDate.of(10_000, 1, 1))),
        )
        val cases = records.mapValues { (_, record) -> record to deployment } +
            deployments.mapValues { (_, deployment) -> record to deployment }
        return cases.map { (place, case) ->
            DynamicTest.dynamicTest(place) {
                Policies.embedded(deployment).use { policies ->
                    val error = assertThrows(OctroiException.Value::class.java) {
                        policies.assess(case.first, case.second, now)
                    }
                    assertEquals(place, error.place)
                }
            }
        }
    }

    @Test
    fun `the description is the one of Rust`() {
        val error = assertThrows(OctroiException.Value::class.java) {
            Policies.embedded(deployment.copy(policies = listOf("")))
        }
        assertEquals(
            "`PolicyId`: found an empty text, expected a policy id: lower-case letters, digits and `-`",
            error.toString(),
        )
    }

    @Test
    fun `policies that do not go together are refused`() {
        val twice = deployment.copy(policies = listOf("be-brussels-local", "be-brussels-local"))
        val error = assertThrows(OctroiException.PolicyTwice::class.java) { Policies.embedded(twice) }
        assertEquals("be-brussels-local", error.id)
        assertThrows(OctroiException.NoPolicy::class.java) { Policies.embedded(deployment.copy(policies = emptyList())) }
        assertThrows(OctroiException.PolicyNotAvailable::class.java) {
            Policies.fromDocuments(emptyList(), deployment)
        }
        assertThrows(OctroiException.NotifiedUnknown::class.java) {
            val each = NotifiedOn.Each(mapOf("be-brussels-region" to LocalDate.of(2023, 3, 27)))
            Policies.embedded(deployment.copy(notifiedOn = each))
        }
        assertThrows(OctroiException.Document::class.java) {
            Policies.fromDocuments(listOf(PolicyDocument("[]")), deployment)
        }
    }
}
