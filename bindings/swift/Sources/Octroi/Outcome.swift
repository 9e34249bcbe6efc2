/// What came of a check.
public enum Outcome: Sendable {
    /// There is a verdict.
    case decided(Assessment)
    /// Nothing could be decided, and nothing is permitted: an ``OctroiError`` for a managed configuration that is wrong, or a state
    /// that cannot be used.
    case failed(any Error)
}
