package be.octroi.android

import android.content.pm.PackageManager
import android.os.Bundle
import be.octroi.Assessment
import be.octroi.ClassName
import be.octroi.Codes
import be.octroi.Decision
import be.octroi.Declared
import be.octroi.Fact
import be.octroi.Finding
import be.octroi.Install
import be.octroi.OctroiException
import be.octroi.Ownership
import be.octroi.Presence
import be.octroi.Share
import be.octroi.Statement
import be.octroi.Status
import be.octroi.Topic
import java.io.File
import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

internal fun Phone.check(): Assessment = gate().use { runBlocking { it.check() } }

internal val Assessment.tiktok: Finding get() = assessments.single().findings.single()
internal val Assessment.deviceClass: ClassName get() = assessments.single().deviceClass.`class`
internal val Assessment.codes: List<String> get() = assessments.single().reasons.map { it.code }

/** What people with all kinds of phones are told. */
@RunWith(RobolectricTestRunner::class)
internal class VerdictsTest {
    private val phone = Phone()

    @Test
    fun `an unmanaged phone without TikTok passes`() {
        val assessment = phone.check()
        assertEquals(Status.COMPLIANT, assessment.status)
        assertEquals(ClassName.UNDETERMINED, assessment.deviceClass)
        assertEquals(listOf(Codes.PROBED_ABSENT), assessment.tiktok.evidence)
    }

    @Test
    fun `an unmanaged phone with TikTok does not`() {
        phone.install(TIKTOK)
        val assessment = phone.check()
        assertEquals(Decision.DENY, assessment.access.decision)
        assertEquals(ClassName.UNDETERMINED, assessment.deviceClass)
    }

    @Test
    fun `a fully managed phone is the organisation's`() {
        phone.manageFully()
        assertEquals(ClassName.SERVICE, phone.check().deviceClass)
    }

    @Test
    fun `an administrator who does not own the phone says nothing of its owner`() {
        phone.addAdministrator()
        assertEquals(ClassName.UNDETERMINED, phone.check().deviceClass)
    }

    @Test
    @Config(minSdk = 30)
    fun `a phone of the organisation with a work profile is its, and seen in part`() {
        phone.ownByOrganizationWithProfile()
        val assessment = phone.check()
        assertEquals(ClassName.SERVICE, assessment.deviceClass)
        assertEquals(listOf(Codes.PROFILE_ONLY), assessment.tiktok.evidence)
        assertEquals(Status.UNKNOWN, assessment.status)
    }

    @Test
    fun `the personal side of a phone with a work profile is seen in part`() {
        phone.addWorkProfile()
        val assessment = phone.check()
        assertEquals(ClassName.UNDETERMINED, assessment.deviceClass)
        assertEquals(listOf(Codes.PROFILE_ONLY), assessment.tiktok.evidence)
    }

    @Test
    fun `the work profile of somebody's own phone tells no owner`() {
        phone.standInWorkProfile()
        val assessment = phone.check()
        assertEquals(ClassName.UNDETERMINED, assessment.deviceClass)
        assertEquals(Presence.UNKNOWN, assessment.tiktok.presence)
    }

    @Test
    fun `TikTok in a profile is there, whatever else is not seen`() {
        phone.standInWorkProfile()
        phone.install(TIKTOK)
        assertEquals(Decision.DENY, phone.check().access.decision)
    }

    @Test
    fun `the light edition is TikTok`() {
        phone.install(TIKTOK_LITE, signer = "anyone")
        assertEquals(listOf(Codes.IDENTIFIER_SEEN), phone.check().tiktok.evidence)
    }

    @Test
    fun `a repackaged TikTok is known by its signer`() {
        phone.install(TIKTOK, signer = "somebody else")
        assertEquals(listOf(Codes.IDENTIFIER_SEEN, Codes.UNEXPECTED_SIGNER), phone.check().tiktok.evidence)
    }

    @Test
    fun `a disabled TikTok is there`() {
        phone.install(TIKTOK, enabled = false)
        assertEquals(Presence.PRESENT, phone.check().tiktok.presence)
    }

    @Test
    fun `a TikTok that the management hides is there`() {
        phone.install(TIKTOK)
        phone.hide(TIKTOK)
        assertThrows(PackageManager.NameNotFoundException::class.java) { phone.app.packageManager.getPackageInfo(TIKTOK, 0) }
        val assessment = phone.check()
        assertEquals(Presence.PRESENT to Decision.DENY, assessment.tiktok.presence to assessment.access.decision)
    }

    @Test
    @Config(shadows = [RemainsOfTikTok::class])
    fun `a TikTok that was removed is gone, whatever it left behind`() {
        phone.install(TIKTOK)
        assertEquals(Presence.ABSENT, phone.check().tiktok.presence)
    }

    @Test
    @Config(shadows = [TikTokOfAnotherUser::class])
    fun `a TikTok that another user of the phone has is never said to be absent`() {
        phone.install(TIKTOK)
        val finding = phone.check().tiktok
        assertEquals(Presence.UNKNOWN to listOf(Codes.NOT_VISIBLE), finding.presence to finding.evidence)
    }

    @Test
    @Config(shadows = [TikTokOnACard::class])
    fun `a TikTok of which Android has no code at hand may be there`() {
        phone.install(TIKTOK)
        val finding = phone.check().tiktok
        assertEquals(Presence.UNKNOWN to listOf(Codes.NOT_VISIBLE), finding.presence to finding.evidence)
    }

    @Test
    @Config(minSdk = 35, shadows = [ArchivedTikTok::class])
    fun `an archived TikTok is there, and was since it was installed`() {
        phone.now = AT_FIRST
        phone.manageFully()
        phone.install(TIKTOK, at = Instant.parse("2022-06-01T00:00:00Z"))
        assertThrows(PackageManager.NameNotFoundException::class.java) { phone.app.packageManager.getPackageInfo(TIKTOK, 0) }
        val assessment = phone.check()
        assertEquals(Install.EXISTING to Status.IN_GRACE_PERIOD, assessment.tiktok.install to assessment.status)
    }

    @Test
    fun `what was there before the circular may stay for a while, what came after may not`() {
        phone.now = AT_FIRST
        phone.manageFully()
        phone.install(TIKTOK, at = Instant.parse("2022-06-01T00:00:00Z"))
        val before = phone.check()
        assertEquals(Install.EXISTING to Status.IN_GRACE_PERIOD, before.tiktok.install to before.status)
        phone.remove(TIKTOK)
        phone.install(TIKTOK, at = Instant.parse("2023-03-28T07:00:00Z"))
        val after = phone.check()
        assertEquals(Install.NEW to Decision.DENY, after.tiktok.install to after.access.decision)
    }

    @Test
    fun `a person declares and withdraws`() {
        phone.gate().use { gate ->
            runBlocking {
                assertEquals(ClassName.UNDETERMINED, gate.check().deviceClass)
                assertEquals(ClassName.SERVICE, gate.declare(Statement.Subscription(Share.PARTIAL)).deviceClass)
                assertEquals(Share.PARTIAL, gate.answers().subscription)
                assertEquals(ClassName.UNDETERMINED, gate.withdraw(Topic.Fact(Fact.SUBSCRIPTION)).deviceClass)
                assertEquals(Decision.DENY, gate.declare(Statement.App("tiktok", Declared.PRESENT)).access.decision)
                assertThrows(OctroiException.UnknownApp::class.java) {
                    runBlocking { gate.declare(Statement.App("tock", Declared.PRESENT)) }
                }
                gate.withdraw(Topic.App("tiktok"))
                assertEquals(Status.COMPLIANT, gate.last()?.status)
            }
        }
    }

    @Test
    fun `an answer is there after a restart`() {
        phone.gate().use { gate -> runBlocking { gate.declare(Statement.Ownership(Ownership.ORGANIZATION)) } }
        assertEquals(ClassName.SERVICE, phone.check().deviceClass)
    }

    @Test
    fun `managed configuration counts, and a wrong one decides nothing`() {
        phone.configure("octroi.device.ownership" to "organization", "octroi.administration" to "Commune d'Exemple", "own.key" to "x")
        phone.gate().use { gate ->
            assertEquals(ClassName.SERVICE, runBlocking { gate.check() }.deviceClass)
            assertEquals("Commune d'Exemple", gate.deployment.administration)
            phone.configure("octroi.device.ownership" to "mine")
            val error = assertThrows(OctroiException.Configuration::class.java) { runBlocking { gate.check() } }
            assertEquals("octroi.device.ownership", error.key)
            phone.configure()
            assertEquals(ClassName.UNDETERMINED, runBlocking { gate.check() }.deviceClass)
            assertNull(gate.deployment.administration)
        }
    }

    /** The first screen bears the administration's name. */
    @Test
    fun `what the management set is known before the first check`() {
        phone.configure("octroi.administration" to "Commune d'Exemple")
        phone.gate().use { assertEquals("Commune d'Exemple", it.deployment.administration) }
    }

    /** Some consoles send a list where they can, and some a number or a switch where text is meant. */
    @Test
    fun `managed configuration is heard in the types of every console`() {
        phone.configure(Bundle().apply { putStringArray("octroi.internal_hosts", arrayOf("intranet.example", "*.internal.example")) })
        phone.gate().use { gate ->
            assertEquals(listOf("intranet.example", "*.internal.example"), gate.deployment.internalHosts)
            phone.configure(Bundle().apply { putStringArray("octroi.internal_hosts", emptyArray()) })
            runBlocking { gate.check() }
            assertFalse(gate.isInternal("intranet.example"))
            phone.configure(Bundle().apply { putBoolean("octroi.device.ownership", true) })
            val error = assertThrows(OctroiException.Configuration::class.java) { runBlocking { gate.check() } }
            assertEquals("octroi.device.ownership", error.key)
        }
    }

    /** Straight after an enrolment, or while a management is being changed. */
    @Test
    fun `a management that is still about to speak has said nothing, and takes nothing back`() {
        phone.configure("octroi.device.ownership" to "personal", "octroi.internal_hosts" to "half.example", pending = true)
        phone.gate().use { gate ->
            assertEquals(ClassName.UNDETERMINED, runBlocking { gate.check() }.deviceClass)
            assertFalse(gate.isInternal("half.example"))
            phone.configure("octroi.device.ownership" to "organization", "octroi.internal_hosts" to "intranet.example")
            assertTrue(gate.isInternal("intranet.example"))
            assertEquals(ClassName.SERVICE, runBlocking { gate.check() }.deviceClass)
            phone.configure(pending = true)
            assertEquals(ClassName.SERVICE, runBlocking { gate.check() }.deviceClass)
            assertTrue(gate.isInternal("intranet.example"))
        }
    }

    @Test
    fun `a clock that is set back gives no term again`() {
        phone.manageFully()
        phone.install(TIKTOK)
        assertEquals(Decision.DENY, phone.check().access.decision)
        phone.now = AT_FIRST
        val assessment = phone.check()
        assertEquals(Decision.DENY, assessment.access.decision)
        assertTrue(Codes.CLOCK_WENT_BACK in assessment.assessments.single().advice.map { it.code } + assessment.codes)
    }

    @Test
    fun `a phone that starts anew without knowing the time gives no term again`() {
        phone.manageFully()
        phone.install(TIKTOK)
        assertEquals(Decision.DENY, phone.check().access.decision)
        phone.now = Instant.EPOCH
        phone.gate().use { gate ->
            val assessment = gate.currentAssessment()
            assertEquals(Decision.DENY to LATER, assessment.access.decision to assessment.assessedAt)
        }
    }

    @Test
    fun `a damaged state is said, and stops nobody`() {
        phone.check()
        val files = File(phone.app.noBackupFilesDir, "octroi").walk().filter { it.isFile && it.length() > 0 }.toList()
        assertNotEquals(0, files.size)
        files.forEach { it.writeText("damaged") }
        val assessment = phone.check()
        assertEquals(Status.COMPLIANT, assessment.status)
        assertTrue(Codes.STATE_DAMAGED in assessment.assessments.single().advice.map { it.code } + assessment.codes)
    }

    @Test
    fun `two gates of one app know what was said to either`() {
        phone.gate().use { one ->
            phone.gate().use { other ->
                runBlocking {
                    one.declare(Statement.Ownership(Ownership.ORGANIZATION))
                    assertEquals(ClassName.SERVICE, other.check().deviceClass)
                    other.withdraw(Topic.Fact(Fact.OWNERSHIP))
                    assertEquals(ClassName.UNDETERMINED, one.check().deviceClass)
                }
            }
        }
    }

    @Test
    fun `a request is decided on a fresh look where the last one is old`() {
        phone.gate(settings = GateSettings(oldestForRequests = Duration.ofMinutes(5))).use { gate ->
            assertEquals(Decision.PERMIT, gate.currentAssessment().access.decision)
            phone.install(TIKTOK)
            phone.now += Duration.ofMinutes(4)
            assertEquals(Decision.PERMIT, gate.currentAssessment().access.decision)
            phone.now += Duration.ofMinutes(2)
            assertEquals(Decision.DENY, gate.currentAssessment().access.decision)
        }
    }

    @Test
    fun `a new process looks before it lets a request pass`() {
        phone.check()
        phone.install(TIKTOK)
        phone.gate().use { assertEquals(Decision.DENY, it.currentAssessment().access.decision) }
    }

    @Test
    fun `the state stays out of backups`() {
        phone.check()
        val here = File(phone.app.noBackupFilesDir, "octroi")
        assertTrue(here.list().orEmpty().isNotEmpty())
    }
}
