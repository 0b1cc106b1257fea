#include "base/config.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"

namespace tarn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    char name[] = "/tmp/tarn-config-XXXXXX";
    folder_ = ::mkdtemp(name);
    table_.Port("http-port", &port_, 8080, "the port");
    table_.Bytes("memory-limit", &bytes_, 0, "memory");
    table_.Switch("loopback-443", &loopback_, true, "443 too");
    table_.Text("admin", &admin_, "admin@localhost", "who");
    table_.Folders("allowed-folders", &folders_, "where");
    table_.Choice("color", &color_, {"red", "green"}, "red", "which");
  }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& text) {
    std::string path = folder_ + "/config.toml";
    std::ofstream(path) << text;
    return path;
  }
  Result<ConfigTable::Loaded> Load(std::vector<std::string> arguments, std::string file = "",
                                   bool must_exist = true) {
    return table_.Load({std::move(arguments), std::move(file), must_exist,
                        [this](const std::string& name) -> const char* {
                          auto found = variables_.find(name);
                          return found == variables_.end() ? nullptr : found->second.c_str();
                        }});
  }
  std::string ErrorOf(const Result<ConfigTable::Loaded>& loaded) {
    if (loaded.ok()) return "no error";
    EXPECT_EQ(loaded.error().reason(), "INVALID_PARAMETER_VALUE");
    return loaded.error().message();
  }

  std::string folder_;
  std::map<std::string, std::string> variables_;
  ConfigTable table_{"TARN"};
  int port_ = 0;
  int64_t bytes_ = 0;
  bool loopback_ = false;
  std::string admin_;
  std::string color_;
  std::vector<std::string> folders_;
};

TEST_F(ConfigTest, AChoiceIsOneOfSome) {
  ASSERT_TRUE(Load({}).ok());
  EXPECT_EQ(color_, "red");
  ASSERT_TRUE(Load({"--color", "green"}).ok());
  EXPECT_EQ(color_, "green");
  EXPECT_THAT(ErrorOf(Load({"--color", "blue"})),
              HasSubstr("option color: 'blue' is not one of red|green"));
}

TEST_F(ConfigTest, DefaultsHoldWhenNothingIsGiven) {
  ASSERT_TRUE(Load({}).ok());
  EXPECT_EQ(port_, 8080);
  EXPECT_TRUE(loopback_);
  EXPECT_EQ(admin_, "admin@localhost");
  EXPECT_TRUE(folders_.empty());
}

TEST_F(ConfigTest, FlagsGoBeforeTheFileAndTheFileBeforeTheEnvironment) {
  variables_["TARN_HTTP_PORT"] = "1";
  ASSERT_TRUE(Load({}).ok());
  EXPECT_EQ(port_, 1);
  std::string file = File("http-port = 2\n");
  ASSERT_TRUE(Load({}, file).ok());
  EXPECT_EQ(port_, 2);
  ASSERT_TRUE(Load({"--http-port", "3"}, file).ok());
  EXPECT_EQ(port_, 3);
}

TEST_F(ConfigTest, EveryKindOfValueIsReadFromAFile) {
  std::string file = File(
      "# a comment\n"
      "http-port = 9000   # and another\n"
      "memory-limit = \"2GiB\"\n\n"
      "loopback-443 = false\r\n"
      "admin = \"a \\\"b\\\" # c\"\n"
      "allowed-folders = [\"/tmp\", \"/\"]\n");
  ASSERT_TRUE(Load({}, file).ok());
  EXPECT_EQ(port_, 9000);
  EXPECT_EQ(bytes_, 2'147'483'648);
  EXPECT_FALSE(loopback_);
  EXPECT_EQ(admin_, "a \"b\" # c");
  EXPECT_THAT(folders_, ElementsAre("/tmp", "/"));
}

TEST_F(ConfigTest, WhatIsLeftAndWhatWasGivenAreKept) {
  auto loaded = Load({"-c", "SELECT 1", "--http-port=5", "--json", "--admin", "me"});
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(loaded->rest, ElementsAre("-c", "SELECT 1", "--json"));
  EXPECT_THAT(loaded->flags, ElementsAre("--http-port", "5", "--admin", "me"));
}

TEST_F(ConfigTest, ALaterListReplacesAnEarlierOne) {
  variables_["TARN_ALLOWED_FOLDERS"] = "/usr:/etc";
  ASSERT_TRUE(Load({"--allowed-folders", "/tmp"}).ok());
  EXPECT_THAT(folders_, ElementsAre("/tmp"));
}

TEST_F(ConfigTest, ABadValueNamesTheOptionAndItsOrigin) {
  EXPECT_EQ(ErrorOf(Load({"--http-port", "70000"})),
            "option http-port: '70000' is not a port from 0 to 65535 (from the flag --http-port)");
  variables_["TARN_HTTP_PORT"] = "x";
  EXPECT_THAT(ErrorOf(Load({})), HasSubstr("(from the environment variable TARN_HTTP_PORT)"));
  variables_.clear();
  std::string file = File("\nloopback-443 = 7\n");
  EXPECT_EQ(ErrorOf(Load({}, file)),
            "option loopback-443: '7' is neither on nor off (from " + file + ":2)");
  EXPECT_THAT(ErrorOf(Load({"--memory-limit", "12GB"})), HasSubstr("is not a number of bytes"));
  EXPECT_THAT(ErrorOf(Load({"--memory-limit", "9000000000GiB"})), HasSubstr("not a number"));
  EXPECT_THAT(ErrorOf(Load({"--admin"})), HasSubstr("needs a value"));
  EXPECT_THAT(ErrorOf(Load({"--allowed-folders", "/tmp::/usr"})), HasSubstr("empty path"));
}

TEST_F(ConfigTest, AFileIsReadStrictly) {
  const std::pair<const char*, const char*> kCases[] = {
      {"port = 1\n", "there is no option 'port'"},
      {"http-port = 1\nhttp-port = 2\n", ":2: 'http-port' is also in line 1"},
      {"http-port\n", "a line is 'name = value'"},
      {"[server]\n", "a line is 'name = value'"},
      {"Http-Port = 1\n", "is not a name"},
      {"http-port = \n", "a value is"},
      {"http-port = 1 2\n", "there is more after the value"},
      {"admin = \"open\n", "no closing"},
      {"admin = \"a\\q\"\n", "no escape '\\q'"},
      {"admin = [\"a\"]\n", "takes one value, not a list"},
      {"allowed-folders = [\"/tmp\" \"/\"]\n", "a list needs ',' or ']'"},
      {"allowed-folders = [1]\n", "a list holds texts"},
      {"allowed-folders = [\"/tmp\"\n", "a list needs ',' or ']'"},
  };
  for (const auto& [text, expected] : kCases)
    EXPECT_THAT(ErrorOf(Load({}, File(text))), HasSubstr(expected)) << text;
}

TEST_F(ConfigTest, AMissingFileIsAnErrorOnlyWhenItWasAskedFor) {
  EXPECT_TRUE(Load({}, folder_ + "/none", false).ok());
  EXPECT_THAT(ErrorOf(Load({}, folder_ + "/none", true)), HasSubstr("cannot be read"));
}

TEST_F(ConfigTest, EveryOptionIsDescribed) {
  std::string text = table_.Describe();
  EXPECT_THAT(text, HasSubstr("--http-port PORT   (TARN_HTTP_PORT)"));
  EXPECT_THAT(text, HasSubstr("default: 8080"));
  EXPECT_THAT(text, HasSubstr("--allowed-folders PATH:PATH"));
}

}  // namespace
}  // namespace tarn
