package be.octroi

/** Another app process with the same folder: it changes its mind again and again. */
internal fun main(arguments: Array<String>) {
    GateCore.open(arguments.single(), defaultDeployment()).use { gate ->
        repeat(ROUNDS) { round ->
            gate.declare(Statement.Subscription(if (round % 2 == 0) Share.NONE else Share.FULL))
            gate.check(personWithTikTok)
        }
    }
    println("done")
}
