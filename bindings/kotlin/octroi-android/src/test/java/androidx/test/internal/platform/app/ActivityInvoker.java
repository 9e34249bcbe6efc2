package androidx.test.internal.platform.app;

public interface ActivityInvoker {}
