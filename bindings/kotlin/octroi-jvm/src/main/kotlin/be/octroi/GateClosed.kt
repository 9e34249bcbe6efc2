package be.octroi

/** The gate was closed: it decides nothing any more. */
public class GateClosed : IllegalStateException("the gate was closed")
