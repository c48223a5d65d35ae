package io.camure.transport.linux;

import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of Linux. This class runs on every Java that camure runs on, so that a jar on the class path harms none;
 * what needs Java 22 it loads by name, and only there.
 */
public final class LinuxPortProvider implements PortProvider {

    private static final String NAME = "linux";
    private static final int FIRST_JAVA_FEATURE = 22;

    /** Those whose structures and constants are known to be laid out as {@code Libc} says. */
    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

    /** Asked once for each Java virtual machine: neither the machine nor the permission changes. */
    private static final class Native {
        static final @Nullable PortProvider PROVIDER;
        static final @Nullable String REFUSAL;

        static {
            PortProvider provider = null;
            String refusal = refusal(
                    Runtime.version().feature(),
                    System.getProperty("os.name", ""),
                    System.getProperty("os.arch", ""),
                    ByteOrder.nativeOrder());
            if (refusal == null) {
                try {
                    provider = (PortProvider) Class.forName("io.camure.transport.linux.NativePortProvider")
                            .getDeclaredConstructor()
                            .newInstance();
                    refusal = provider.refusal();
                } catch (ReflectiveOperationException | LinkageError e) {
                    refusal = "its classes can't be loaded: " + e;
                }
            }
            PROVIDER = provider;
            REFUSAL = refusal;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String refusal() {
        return Native.REFUSAL;
    }

    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        PortProvider provider = Native.PROVIDER;
        if (provider == null || Native.REFUSAL != null) {
            throw new IOException("transport " + NAME + " does not work here: " + Native.REFUSAL);
        }
        return provider.open(bindAddress, options);
    }

    @Override
    public boolean answersFromAskedAddress() {
        return true;
    }

    static @Nullable String refusal(int javaFeature, String osName, String architecture, ByteOrder byteOrder) {
        if (!osName.equals("Linux")) {
            return "needs Linux, this is " + osName;
        }
        if (!ARCHITECTURES.contains(architecture) || byteOrder != ByteOrder.LITTLE_ENDIAN) {
            return "architecture " + architecture + " is not supported";
        }
        if (javaFeature < FIRST_JAVA_FEATURE) {
            return "needs Java " + FIRST_JAVA_FEATURE + " or later, this is " + javaFeature;
        }
        return null;
    }
}
