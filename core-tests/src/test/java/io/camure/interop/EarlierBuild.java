package io.camure.interop;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The core as an earlier commit built it, in a class loader of its own: the two builds share nothing but the wire. The jar in
 * the test resources is named after that commit.
 */
final class EarlierBuild implements AutoCloseable {

    private static final String JAR = "/builds/camure-core-1f7c8b6.jar";

    private final URLClassLoader loader;

    EarlierBuild() {
        URL jar = EarlierBuild.class.getResource(JAR);
        if (jar == null) {
            throw new IllegalStateException("there is no " + JAR);
        }
        loader = new OwnCamure(jar);
    }

    EarlierNode startCoordinator(InetSocketAddress bindAddress, InetSocketAddress multicastAddress) throws Exception {
        return start("io.camure.Coordinator", "start", bindAddress, multicastAddress);
    }

    EarlierNode join(InetSocketAddress coordinatorAddress) throws Exception {
        return start("io.camure.Member", "join", coordinatorAddress);
    }

    private EarlierNode start(String type, String method, Object... arguments) throws Exception {
        return new EarlierNode(invoke(loader.loadClass(type), method, null, arguments));
    }

    private Object groupConfig(int id, int expectedMembers) throws Exception {
        Class<?> type = loader.loadClass("io.camure.GroupConfig");
        Object config = invoke(type, "defaults", null);
        config = invoke(type, "id", config, id);
        return invoke(type, "expectedMembers", config, expectedMembers);
    }

    private static Object invoke(Class<?> type, String name, Object target, Object... arguments) throws Exception {
        Method method = Arrays.stream(type.getMethods())
                .filter(each -> each.getName().equals(name) && takes(each, arguments))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(type + "." + name));
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static boolean takes(Method method, Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!types[i].isInstance(arguments[i]) && !(types[i] == int.class && arguments[i] instanceof Integer)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    /** A session, or a group of one, seen through the interfaces that the earlier build has published. */
    final class EarlierNode implements AutoCloseable {

        private final Object target;

        private EarlierNode(Object target) {
            this.target = target;
        }

        InetSocketAddress address() throws Exception {
            return (InetSocketAddress) call("address");
        }

        EarlierNode createBarrier(int id, int expectedMembers) throws Exception {
            return new EarlierNode(call("createBarrier", groupConfig(id, expectedMembers)));
        }

        EarlierNode createBroadcast(int id, int expectedMembers) throws Exception {
            return new EarlierNode(call("createBroadcast", groupConfig(id, expectedMembers)));
        }

        EarlierNode joinBarrier(int id) throws Exception {
            return new EarlierNode(call("joinBarrier", id));
        }

        EarlierNode joinBroadcast(int id) throws Exception {
            return new EarlierNode(call("joinBroadcast", id));
        }

        /** Waits for a round, and gives back its number. */
        long await(Duration timeout) throws Exception {
            Object round = call("await", timeout);
            return (long) invoke(round.getClass(), "number", round);
        }

        void reset() throws Exception {
            call("reset");
        }

        void send(byte[] message) throws Exception {
            call("send", (Object) message);
        }

        void flush(Duration timeout) throws Exception {
            call("flush", timeout);
        }

        /** The content of the next message. */
        byte[] receive(Duration timeout) throws Exception {
            Object message = ((Optional<?>) call("receive", timeout)).orElseThrow();
            return (byte[]) invoke(message.getClass(), "bytes", message);
        }

        private Object call(String method, Object... arguments) throws Exception {
            for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
                for (Class<?> published : type.getInterfaces()) {
                    try {
                        return invoke(published, method, target, arguments);
                    } catch (NoSuchMethodException e) {
                        // Another of its interfaces has it.
                    }
                }
            }
            throw new NoSuchMethodException(target.getClass() + "." + method);
        }

        @Override
        public void close() {
            try {
                call("close");
            } catch (Exception e) {
                throw new IllegalStateException("closing failed", e);
            }
        }
    }

    /** Takes camure's own classes from the jar, and all others from where this build has them. */
    private static final class OwnCamure extends URLClassLoader {

        OwnCamure(URL jar) {
            super(new URL[] {jar}, EarlierBuild.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.camure.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
