package org.example

import be.octroi.Device
import be.octroi.GateCore
import be.octroi.Observation
import be.octroi.Platform
import be.octroi.Record
import be.octroi.Scope
import be.octroi.Seen
import be.octroi.SeenApp
import be.octroi.SoftwareSigner
import be.octroi.defaultDeployment
import be.octroi.server.Challenge
import be.octroi.server.Enrolled
import be.octroi.server.OneTime
import be.octroi.server.Policies
import be.octroi.server.Requirements
import be.octroi.server.Verifier
import be.octroi.server.appraise
import be.octroi.server.defaultLimits
import be.octroi.server.thumbprint
import java.nio.file.Files
import java.security.KeyPairGenerator
import java.time.Instant

/** A server that has been told what is on a phone, and one that a phone states it to. */
fun main() {
    val apps = listOf(SeenApp(Seen.Id("com.zhiliaoapp.musically")))
    val record = Record(Device(platform = Platform.ANDROID), observations = listOf(Observation(scope = Scope.DEVICE, apps = apps)))
    GateCore.open(Files.createTempDirectory("octroi").toString(), defaultDeployment()).use { gate ->
        println("octroi-jvm says: ${gate.check(record).access.decision}")
        val keys = KeyPairGenerator.getInstance("EC").apply { initialize(256) }.generateKeyPair()
        val statement = gate.evidence(record, "8f14e45fceea167a", "https://gateway.example", SoftwareSigner(keys))
        println("octroi-jvm states in ${statement.split(".").size} parts")

        val deployment = be.octroi.server.defaultDeployment()
        val verifier = Verifier(Enrolled(listOf(thumbprint(keys.public.encoded))), OneTime(1u), defaultLimits())
        val evidence = verifier.verify(statement, Challenge("8f14e45fceea167a", "https://gateway.example"), Instant.now())
        val appraisal = appraise(evidence, Policies.embedded(deployment), deployment, Requirements(), Instant.now())
        println("octroi-jvm appraises: ${appraisal.assessment.access.decision}")
    }
}
