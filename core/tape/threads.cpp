#include <xgrad/core/tape/threads.hpp>

#include <algorithm>
#include <cfenv>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include <xgrad/core/memory/arena.hpp>

namespace xg {

namespace {

/// A loop that is being worked on. All but what the caller sets at the beginning is guarded by the crew's mutex.
struct job {
  const detail::part_function& f;
  const std::size_t n, grain, parts;
  void* const own;          // the caller's scratch memory
  const std::size_t bytes;  // of scratch memory
  const std::thread::id caller = std::this_thread::get_id();
  std::fenv_t environment{};  // the caller's rounding and flushing of small numbers hold on every thread
  int raised = 0;             // floating-point exceptions, on other threads
  std::size_t next = 0;       // the first part that nobody has taken
  std::size_t running = 0;    // parts
  std::size_t failed = parts;
  std::exception_ptr error{};

  bool is_open() const { return next < parts; }
  bool is_done() const { return !is_open() && running == 0; }
};

void run_in_order(std::size_t n, std::size_t grain, const detail::part_function& f, void* own) {
  for (std::size_t begin = 0; begin < n; begin += std::min(grain, n - begin))
    f.call(f.f, begin, begin + std::min(grain, n - begin), own);
}

/// Memory of one thread, which grows.
class scratch_memory {
 public:
  void* get(std::size_t bytes) {
    if (bytes > size_) {
      size_ = 0;
      block_ = nullptr;
      block_ = allocate_memory(bytes);
      size_ = bytes;
    }
    return block_.get();
  }

 private:
  memory_block block_{nullptr, {std::align_val_t(64)}};
  std::size_t size_ = 0;
};

}  // namespace

struct thread_pool::crew {
  std::mutex mutex;
  std::condition_variable_any work;  // a job is open
  std::condition_variable done;      // some job is
  std::vector<job*> jobs;            // one for each thread that calls
  std::vector<std::jthread> workers;

  explicit crew(std::size_t others) {
    jobs.reserve(16);
    workers.reserve(others);
    // Holding the mutex: what started looks at the others when all are there.
    const std::lock_guard lock(mutex);
    for (std::size_t k = 0; k < others; ++k) workers.emplace_back([this](const std::stop_token& stop) { serve(stop); });
  }
  ~crew() {
    for (std::jthread& w : workers) w.request_stop();  // all, before the first is waited for
  }
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  void serve(const std::stop_token& stop) {
    scratch_memory scratch;
    std::unique_lock lock(mutex);
    while (true) {
      job* found = nullptr;
      work.wait(lock, stop, [&] {
        const auto at = std::find_if(jobs.begin(), jobs.end(), [](const job* j) { return j->is_open(); });
        found = at == jobs.end() ? nullptr : *at;
        return found != nullptr;
      });
      if (!found) return;
      take_part(lock, *found, [&] {
        std::fesetenv(&found->environment);
        return found->bytes == 0 ? nullptr : scratch.get(found->bytes);
      });
    }
  }

  /// Takes the next part of an open job and runs it, without the lock. The job may be gone when this returns.
  void take_part(std::unique_lock<std::mutex>& lock, job& j, const auto& scratch) {
    const std::size_t part = j.next++, begin = part * j.grain;
    ++j.running;
    lock.unlock();
    std::exception_ptr error;
    try {
      j.f.call(j.f.f, begin, begin + std::min(j.grain, j.n - begin), scratch());
    } catch (...) {
      error = std::current_exception();
    }
    const int raised = std::fetestexcept(FE_ALL_EXCEPT);
    lock.lock();
    j.raised |= raised;
    --j.running;
    if (error && part < j.failed) {  // those before it are done or running: which one is told depends on none
      j.failed = part;
      j.error = std::move(error);
      j.next = j.parts;
    }
    if (j.is_done()) done.notify_all();
  }

  /// Is this thread working on a part already?
  bool is_busy(std::thread::id thread) const {
    return std::any_of(jobs.begin(), jobs.end(), [&](const job* j) { return j->caller == thread; }) ||
           std::any_of(workers.begin(), workers.end(), [&](const std::jthread& w) { return w.get_id() == thread; });
  }

  /// False if this thread is to run the job by itself.
  bool run(job& j) {
    std::fegetenv(&j.environment);
    std::unique_lock lock(mutex);
    if (is_busy(j.caller)) return false;
    jobs.push_back(&j);
    for (std::size_t k = 0; k < std::min(workers.size(), j.parts - 1); ++k) work.notify_one();
    while (j.is_open()) take_part(lock, j, [&] { return j.own; });
    done.wait(lock, [&] { return j.is_done(); });
    jobs.erase(std::find(jobs.begin(), jobs.end(), &j));
    return true;
  }
};

thread_pool::thread_pool(std::size_t threads) {
  if (threads == 0) threads = std::max(std::thread::hardware_concurrency(), 1U);
  crew_ = std::make_unique<crew>(threads - 1);
}

thread_pool::~thread_pool() = default;

std::size_t thread_pool::size() const { return crew_->workers.size() + 1; }

void detail::run_parts(thread_pool* pool, std::size_t n, std::size_t grain, const part_function& f, void* own,
                       std::size_t bytes) {
  grain = std::max(grain, std::size_t(1));
  if (!pool || pool->size() == 1) return run_in_order(n, grain, f, own);
  job j{f, n, grain, n / grain + (n % grain != 0), own, bytes};
  if (!pool->crew_->run(j)) return run_in_order(n, grain, f, own);
  if (const int more = j.raised & ~std::fetestexcept(FE_ALL_EXCEPT); more != 0) std::feraiseexcept(more);
  if (j.error) std::rethrow_exception(j.error);
}

}  // namespace xg
