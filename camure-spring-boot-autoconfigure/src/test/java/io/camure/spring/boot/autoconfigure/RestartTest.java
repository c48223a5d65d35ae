package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.spring.CamureListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An application that is started anew in the same JVM with classes that were loaded anew, as DevTools does. */
class RestartTest {

    record Price(String symbol) {}

    static class Board implements Supplier<List<Object>> {

        private final List<Object> received = new CopyOnWriteArrayList<>();

        @CamureListener(group = "files")
        void onPrice(Price price) {
            received.add(price);
        }

        @Override
        public List<Object> get() {
            return received;
        }
    }

    /** Loads the classes of the application itself, and all others by its parent. */
    private static final class RestartClassLoader extends ClassLoader {

        private RestartClassLoader() {
            super(RestartTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith(RestartTest.class.getName()) || name.endsWith("ClassLoader")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream content = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = content.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void listenersGetObjectsOfTheClassesOfTheirOwnStart() {
        TestSession.coordinator().run(coordinator -> {
            BroadcastGroup files = coordinator.getBean("files", BroadcastGroup.class);
            for (int start = 0; start < 2; start++) {
                ClassLoader classes = new RestartClassLoader();
                Class<?> board = classes.loadClass(Board.class.getName());
                TestSession.memberOf(coordinator)
                        .withClassLoader(classes)
                        .withUserConfiguration(board)
                        .run(member -> {
                            files.awaitMembers(1, TestSession.SOON);
                            files.send("{\"symbol\":\"CMR\"}".getBytes(StandardCharsets.UTF_8));
                            List<?> received = (List<?>) ((Supplier<?>) member.getBean(board)).get();
                            await().atMost(TestSession.SOON)
                                    .untilAsserted(() -> assertThat(received)
                                            .singleElement()
                                            .satisfies(price -> assertThat(
                                                            price.getClass().getClassLoader())
                                                    .isSameAs(classes)));
                        });
            }
        });
    }
}
