package be.octroi.android

import java.time.Duration

/**
 * How a [Gate] keeps its verdict true.
 *
 * @property oldestForRequests how old the last check may be when a guarded request asks; an older one is made again first. A managed
 *   configuration that is wrong is asked for again as rarely, unless Android tells of a change.
 * @property jobId the number under which the next check is scheduled. No other job of the app may have it: open one gate per app and
 *   process, or give each another number.
 */
public class GateSettings(
    public val oldestForRequests: Duration = Duration.ofMinutes(15),
    public val jobId: Int = 0x6f637472,
)
