package org.example

import be.octroi.AccessDenied
import be.octroi.AccessGuard
import be.octroi.Device
import be.octroi.GateCore
import be.octroi.Observation
import be.octroi.Platform
import be.octroi.Probe
import be.octroi.Record
import be.octroi.Scope
import be.octroi.Seen
import be.octroi.SeenApp
import be.octroi.defaultDeployment
import be.octroi.okhttp.guardedBy
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.nio.file.Files
import okhttp3.OkHttpClient
import okhttp3.Request

/** A program whose own machine is the internal network. */
fun main() {
    val internal = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
    internal.createContext("/") { it.sendResponseHeaders(204, -1) }
    internal.start()
    val deployment = defaultDeployment().copy(internalHosts = listOf("127.0.0.1"))
    GateCore.open(Files.createTempDirectory("octroi").toString(), deployment).use { gate ->
        var tiktok = false
        val guard = object : AccessGuard {
            override fun isInternal(host: String) = gate.isInternal(host)

            override fun currentAssessment() = gate.check(gate.look(tiktok))
        }
        val client = OkHttpClient.Builder().guardedBy(guard).build()
        val ask = Request.Builder().url("http://127.0.0.1:${internal.address.port}/").build()
        println("octroi-okhttp lets pass: ${client.newCall(ask).execute().use { it.code }}")
        tiktok = true
        try {
            client.newCall(ask).execute().use { error("passed") }
        } catch (denied: AccessDenied) {
            println("octroi-okhttp stops: ${denied.message}")
        }
    }
    internal.stop(0)
}

private fun GateCore.look(tiktok: Boolean): Record {
    val ids = watchlist(Platform.ANDROID).ids.map { it.text }
    val (seen, absent) = if (tiktok) ids.take(1) to ids.drop(1) else emptyList<String>() to ids
    val apps = seen.map { SeenApp(Seen.Id(it)) }
    val observation = Observation(scope = Scope.DEVICE, apps = apps, absent = absent.map { Probe.Id(it) })
    return Record(Device(platform = Platform.ANDROID), observations = listOf(observation))
}
