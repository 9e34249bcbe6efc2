package org.example

import be.octroi.Device
import be.octroi.GateCore
import be.octroi.Observation
import be.octroi.Ownership
import be.octroi.OwnershipStatement
import be.octroi.Platform
import be.octroi.Probe
import be.octroi.Record
import be.octroi.Scope
import be.octroi.Source
import be.octroi.defaultDeployment
import java.nio.file.Files
import java.util.Locale

/** Each from a folder that is as it would be, and the median of many: lines that `cargo xtask bench` reads. */
fun main() {
    val kept = newFolder()
    GateCore.open(kept, defaultDeployment()).use { gate ->
        val record = Record(
            device = Device(platform = Platform.ANDROID, ownership = listOf(OwnershipStatement(Ownership.ORGANIZATION, Source.MDM))),
            observations = List(OBSERVATIONS) { gate.observe() },
        )
        repeat(WARM) { gate.check(record) }
        tell("check(), $OBSERVATIONS observations, state unchanged", measure(5000) { gate.check(record) })
        tell("current()", measure(5000) { gate.current(java.time.Duration.ofMinutes(15)) })

        fun firstVerdict(folder: String) = GateCore.open(folder, defaultDeployment()).use { it.check(record) }
        repeat(100) { firstVerdict(kept) }
        tell("open to first verdict, with a state", measure(500) { firstVerdict(kept) })
        val folders = List(100) { newFolder() }.iterator()
        tell("open to first verdict, without a state", measure(100) { firstVerdict(folders.next()) })
    }
}

private const val OBSERVATIONS = 8
private const val WARM = 5000

private fun newFolder() = Files.createTempDirectory("octroi").toString()

private fun GateCore.observe() = Observation(
    source = Source.PLATFORM,
    scope = Scope.DEVICE,
    absent = watchlist(Platform.ANDROID).ids.map { Probe.Id(it.text) },
)

private fun measure(times: Int, what: () -> Unit): List<Long> = List(times) {
    val start = System.nanoTime()
    what()
    System.nanoTime() - start
}.sorted()

private fun tell(what: String, sorted: List<Long>) {
    println("bench: $what: %.1f µs".format(Locale.ROOT, sorted[sorted.size / 2] / 1000.0))
}
