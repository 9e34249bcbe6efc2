package be.octroi

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** Every vector through the typed API: no record, deployment or assessment crosses the border as JSON. */
internal class VectorsTest {
    @TestFactory
    fun `every vector comes out as written`(): List<DynamicTest> = vectors().map { vector ->
        DynamicTest.dynamicTest(vector.name) {
            val deployment = deployment(vector.deployment)
            vector.policies(deployment).use { policies ->
                val said = policies.assess(record(vector.record), deployment, vector.at)
                assertEquals(assessment(vector.assessment), said)
            }
        }
    }
}
