package be.octroi.android

import be.octroi.Assessment

/** What came of a check. */
public sealed interface Outcome {
    /**
     * There is a verdict.
     *
     * @property assessment the verdict, and why.
     */
    public class Decided(public val assessment: Assessment) : Outcome

    /**
     * Nothing could be decided, and nothing is permitted.
     *
     * @property error why: an [be.octroi.OctroiException] for a managed configuration that is wrong, or a state that cannot be used.
     */
    public class Failed(public val error: Exception) : Outcome
}
