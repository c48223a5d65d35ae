package io.camure.spring.boot.autoconfigure;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.RoundProgress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.context.ApplicationContext;

/** What each method with a barrier gives: that of a test, as it is there for all. */
class AsyncWork {

    CompletableFuture<String> work = new CompletableFuture<>();

    final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

    CompletableFuture<String> called() {
        calls.add("called");
        return work;
    }

    static RoundProgress progress(ApplicationContext coordinator) {
        return coordinator.getBean("finish", CoordinatorBarrier.class).progress();
    }

    static void meet(ApplicationContext member, String barrier) throws InterruptedException {
        member.getBean(barrier, Barrier.class).await(TestSession.SOON);
    }
}
