package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;

public final class InstrumentationRegistry {
    private static volatile Instrumentation registered;
    private static volatile Bundle given;

    private InstrumentationRegistry() {}

    public static Instrumentation getInstrumentation() {
        if (registered == null) {
            throw new IllegalStateException("no instrumentation is registered");
        }
        return registered;
    }

    public static Bundle getArguments() {
        return new Bundle(given);
    }

    public static void registerInstance(Instrumentation instrumentation, Bundle arguments) {
        registered = instrumentation;
        given = new Bundle(arguments);
    }
}
