package be.octroi

import com.google.gson.JsonParser
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** The JSON forms say the same as the types. */
internal class TextFormsTest {
    private val everyKey = root.resolve("tests/tests/schemas/every-key")

    @Test
    fun `a record with every key is read like it is built`() {
        val json = json(everyKey.resolve("record.json")).asJsonObject
        Policies.embedded(defaultDeployment()).use { policies ->
            assertEquals(record(json), policies.recordFromJson(json.toString()))
        }
    }

    @Test
    fun `a deployment with every key is read like it is built`() {
        val json = json(everyKey.resolve("deployment.json")).asJsonObject
        assertEquals(deployment(json), deploymentFromJson(json.toString()))
    }

    @Test
    fun `the default deployment is the one that sets nothing`() {
        assertEquals(deploymentFromJson("{}"), defaultDeployment())
        assertEquals(deployment(JsonParser.parseString("{}").asJsonObject), defaultDeployment())
    }

    @Test
    fun `the records and deployments of all vectors are read like they are built`() {
        for (vector in vectors()) {
            val deployment = deployment(vector.deployment)
            assertEquals(deployment, deploymentFromJson(vector.deployment.toString()), vector.name)
            vector.policies(deployment).use { policies ->
                assertEquals(record(vector.record), policies.recordFromJson(vector.record.toString()), vector.name)
            }
        }
    }

    @Test
    fun `an assessment is written as the vectors have it`() {
        for (vector in vectors()) {
            val written = JsonParser.parseString(assessmentToJson(assessment(vector.assessment)))
            assertEquals(vector.assessment, written, vector.name)
        }
    }

    @Test
    fun `a wrong document is refused with its place`() {
        val wrong = "{\n  \"device\": { \"platform\": \"android\", \"ownership\": \"company\" } }"
        val error = Policies.embedded(defaultDeployment()).use { policies ->
            assertThrows(OctroiException.Document::class.java) { policies.recordFromJson(wrong) }
        }
        assertEquals(2uL, error.line)
        assertEquals("device.ownership", error.place)
        assertEquals("unknown word `company`", error.found)
    }
}
