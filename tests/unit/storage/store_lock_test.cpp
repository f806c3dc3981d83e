#include "storage/log_store.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace jindou::storage {

namespace {

fault try_open(const store_options& options) {
  start_report report;
  auto res = log_store::open(options, report);
  return res ? fault::none : res.error().what;
}

} // namespace

TEST(store_lock_test, refuses_a_second_opener_of_the_same_process) {
  test::temp_folder folder;
  test::store_driver drv{folder.path()};
  drv.open();
  EXPECT_EQ(try_open(drv.options), fault::locked);
}

TEST(store_lock_test, refuses_a_second_process) {
  test::temp_folder folder;
  test::store_driver drv{folder.path()};
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  auto child = ::fork();
  if (child == 0) {
    start_report report;
    auto store = log_store::open(drv.options, report);
    char said = store ? 'y' : 'n';
    if (::write(ready[1], &said, 1) == 1)
      ::pause(); // until it is killed
    ::_exit(1);
  }
  char said = 0;
  ASSERT_EQ(::read(ready[0], &said, 1), 1);
  ASSERT_EQ(said, 'y');
  EXPECT_EQ(try_open(drv.options), fault::locked);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(try_open(drv.options), fault::none); // the lock died with it
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(store_lock_test, gives_the_directory_free_when_it_is_closed) {
  test::temp_folder folder;
  test::store_driver drv{folder.path()};
  drv.open();
  ASSERT_TRUE(drv.store->close());
  EXPECT_EQ(try_open(drv.options), fault::none);
}

TEST(store_lock_test, refuses_a_directory_that_cannot_be_made) {
  store_options options;
  options.dir = "/proc/jindou";
  EXPECT_NE(try_open(options), fault::none);
}

} // namespace jindou::storage
