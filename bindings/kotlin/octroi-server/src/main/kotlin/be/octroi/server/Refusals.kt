package be.octroi.server

/** The codes of refusals that this version knows, as [OctroiException.Refused] carries them. A later version may add some. */
public object Refusals {
    /** It was not looked at: it has more bytes than the server bears. */
    public const val TOO_LARGE: String = "too_large"

    /** It is no signed JWT in its compact form. */
    public const val NOT_COMPACT: String = "not_compact"

    /** Its JSON nests deeper than any statement. */
    public const val TOO_DEEP: String = "too_deep"

    /** One key stands twice in an object, so that readers could differ on what it says. */
    public const val DUPLICATE_MEMBER: String = "duplicate_member"

    /** The header has not the form. */
    public const val MALFORMED_HEADER: String = "malformed_header"

    /** The header says that it has to be understood in a way of its own. */
    public const val CRITICAL_HEADER: String = "critical_header"

    /** It is not signed as statements are. */
    public const val WRONG_ALGORITHM: String = "wrong_algorithm"

    /** It is another kind of token. */
    public const val WRONG_TYPE: String = "wrong_type"

    /** Nobody answers for the key. */
    public const val UNKNOWN_KEY: String = "unknown_key"

    /** The key did not sign this. */
    public const val BAD_SIGNATURE: String = "bad_signature"

    /** The claims have not the form. */
    public const val MALFORMED_CLAIMS: String = "malformed_claims"

    /** It is a token of another profile. */
    public const val WRONG_PROFILE: String = "wrong_profile"

    /** It answers another nonce. */
    public const val WRONG_NONCE: String = "wrong_nonce"

    /** The key was made for another nonce than this one, or for none. */
    public const val WRONG_ATTESTATION_CHALLENGE: String = "wrong_attestation_challenge"

    /** The key is attested to be kept in software: whoever takes over the device's system has it. */
    public const val SOFTWARE_KEY: String = "software_key"

    /** The key was not made where it is kept, so that others may have it. */
    public const val IMPORTED_KEY: String = "imported_key"

    /** It was made for somebody else. */
    public const val WRONG_AUDIENCE: String = "wrong_audience"

    /** It was issued later than now. */
    public const val FROM_THE_FUTURE: String = "from_the_future"

    /** Its own time is up. */
    public const val EXPIRED: String = "expired"

    /** It is older than the server bears. */
    public const val TOO_OLD: String = "too_old"

    /** Its nonce was answered before. */
    public const val REPLAYED: String = "replayed"

    /** There is no room to remember its nonce. */
    public const val REPLAY_STORE_FULL: String = "replay_store_full"

    /** The record in it cannot be read under the server's policies. */
    public const val MALFORMED_RECORD: String = "malformed_record"

    /** The phone decides under an older policy than the server asks for, or not under that policy. */
    public const val POLICY_TOO_OLD: String = "policy_too_old"

    /** The phone's own verdict does not follow from its facts. */
    public const val VERDICT_MISMATCH: String = "verdict_mismatch"
}
