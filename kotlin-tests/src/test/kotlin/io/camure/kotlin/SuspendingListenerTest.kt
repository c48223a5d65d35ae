package io.camure.kotlin

import io.camure.spring.CamureHeaders
import io.camure.spring.CamureListener
import io.camure.spring.ListenerFailedEvent
import io.camure.spring.boot.test.CamureTest
import io.camure.spring.boot.test.CamureTestEvents
import io.camure.test.CamureTestCoordinator
import java.util.concurrent.CompletableFuture
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.future.await
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.messaging.handler.annotation.Header
import org.springframework.stereotype.Component

@SpringBootApplication
class PricesApplication

@Component
class PriceBoard {

    val handled = LinkedBlockingQueue<String>()

    /** What a message waits for, after it was begun. */
    val news = LinkedBlockingQueue<CompletableFuture<String>>()

    @CamureListener(group = "prices", condition = "#price != 'unwanted'")
    suspend fun onPrice(price: String, @Header(CamureHeaders.SEQUENCE) sequence: Long) {
        handled.add("begin $price $sequence")
        val more = CompletableFuture<String>()
        news.add(more)
        handled.add("end $price: ${more.await()}")
    }
}

/** A listener that is a suspend function. */
@CamureTest
class SuspendingListenerTest {

    @Autowired
    lateinit var board: PriceBoard

    @Autowired
    lateinit var coordinator: CamureTestCoordinator

    @Autowired
    lateinit var events: CamureTestEvents

    @BeforeEach
    fun begin() {
        board.handled.clear()
        board.news.clear()
    }

    private fun send(vararg prices: String) {
        prices.forEach { coordinator.broadcast("prices").send(it.toByteArray()) }
    }

    private fun <T> next(queue: LinkedBlockingQueue<T>): T =
        checkNotNull(queue.poll(30, TimeUnit.SECONDS)) { "nothing has come" }

    @Test
    fun theNextMessageFollowsWhenItHasCompleted() {
        send("1", "unwanted", "2")
        val first = next(board.news)
        assertThat(next(board.handled)).startsWith("begin 1 ")
        assertThat(board.handled).describedAs("it is suspended").isEmpty()
        first.complete("up")
        assertThat(next(board.handled)).isEqualTo("end 1: up")
        next(board.news).complete("down")
        assertThat(next(board.handled)).startsWith("begin 2 ")
        assertThat(next(board.handled)).isEqualTo("end 2: down")
    }

    @Test
    fun whatItThrowsIsSeenAndTheNextMessageFollows() {
        send("1", "2")
        next(board.news).completeExceptionally(IllegalStateException("no news"))
        assertThat(events.await(ListenerFailedEvent::class.java).failure())
            .isInstanceOf(IllegalStateException::class.java)
            .hasMessage("no news")
        next(board.news).complete("up")
        assertThat(next(board.handled)).startsWith("begin 1 ")
        assertThat(next(board.handled)).startsWith("begin 2 ")
        assertThat(next(board.handled)).isEqualTo("end 2: up")
    }
}
