package androidx.test.platform.ui;

public final class InjectEventSecurityException extends Exception {
    public InjectEventSecurityException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
