//! Names of the cultures that England's children come from, common ones
//! first. From common knowledge; nobody in particular bears them.

/// The names of one culture.
pub struct Culture {
    /// A word for the truth file.
    pub name: &'static str,
    /// How many of 1,000 households.
    pub share: u32,
    /// Girls' names, the commonest first.
    pub girls: &'static str,
    /// Boys' names.
    pub boys: &'static str,
    /// Family names.
    pub families: &'static str,
    /// How many of 1,000 families bear a seldom, composed name instead.
    pub composed: u32,
}

/// All cultures.
pub const CULTURES: [Culture; 9] = [
    Culture {
        name: "english",
        share: 690,
        girls: "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Sienna Poppy Elsie Emily Ella Evelyn Phoebe Evie Charlotte Harper Millie Matilda Maisie Alice Ruby Sofia Eliza Ellie Emilia Penelope Luna Jessica Mila Violet Ada Scarlett Robyn Lottie Chloe Molly Eleanor Erin Martha Bonnie Orla Imogen Hallie Mabel Nancy Rose Thea Lucy Zoe Harriet Holly Niamh Georgia Abigail Summer Anna Hannah Eva Esme Darcie Lacey Lexi Beatrice Arabella Margot Maya Jasmine Heidi Lola Megan Amber Bethany Lydia Victoria Rebecca Tilly Skye Keira Faith Annabelle Katie Leah Zara Nevaeh Paige Lauren Caitlin Isobel Gracie Ottilie Clara Edith Iris Maddison Mollie Elizabeth Francesca Naomi Tabitha Sarah Rachel Philippa Gabriella Natasha Madeleine Kayla Shannon Bella Connie Pippa Aurora Hazel Delilah Autumn Nell Flora Cora Myla Bryony Rowan Saskia Felicity Jemima Christina Catherine Louisa",
        boys: "Noah Oliver George Leo Arthur Freddie Theodore Luca Archie Oscar Theo Henry Jack Harry Charlie Alfie Albie Teddy Finley Rory Thomas Tommy Jude Lucas Arlo Louie Roman Isaac Edward James Ezra William Max Elijah Reuben Hugo Joshua Mason Jaxon Reggie Sebastian Logan Jacob Alexander Joseph Ethan Toby Zachary Harrison Frederick Benjamin Samuel Ralph Daniel Ronnie Albert Adam Dylan Riley Frankie Jesse Felix Caleb Bobby Stanley Rowan Elliot Liam Nathan Callum Matthew Ryan Connor Kai Jamie Luke Gabriel Harvey Jenson Hunter Tyler Jayden Carter Blake Ellis Rupert Kian Owen Louis Lewis Michael Ollie Brandon Cameron Leon Aaron Jake David Robert Billy Stephen Ben Dominic Robin Vincent Barnaby Otis Seth Finn Ewan Patrick Sonny Kit Rafe Marcus Grayson Parker Brody Milo Austin Dexter Myles Nathaniel Christopher Nicholas Anthony Peter Philip Simon Sean Kieran Aidan Zac Alan Graham",
        families: "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Harris Turner Hill Cooper Ward Clark Lewis Baker Hughes Edwards Thomas Moore Morris Martin Harrison Carter Morgan Parker Allen Bennett Bell Shaw Kelly Cook Price Young King Mitchell Richardson Collins Phillips Simpson Lee Marshall Murphy Wilkinson Adams Watson Ellis Chapman Mason Gray Mills Webb Rogers Powell Stevens Owen Hunt Knight Barker Holmes Lloyd Palmer Matthews Fisher Butler Reid Russell Gibson Barnes Graham Dixon Fletcher Hunter Reynolds Pearson Hart Gardner Stone Perry Howard Dean Black Newman Walsh Lawson Cross Bradley Burton Dawson Payne Day Fox West Bailey Stewart Murray Cole Elliott Pearce Nicholls Harvey Porter Spencer Grant Foster Freeman Sutton Fuller Burgess Hardy Bishop Osborne Doyle Byrne Sharp Townsend Weston Ball Warren Carr Nelson Poole",
        composed: 520,
    },
    Culture {
        name: "pakistani and bangladeshi",
        share: 100,
        girls: "Fatima Aisha Maryam Zainab Khadija Amina Zara Inaya Hafsa Safiya Noor Sumaya Aaliyah Iqra Sana Mariam Ruqayyah Yasmin Layla Anaya Hiba Laiba Aleena Halima Rabia Saima Nadia Asma Sara Haniya Khadeeja Zahra Eshal Minahil Mahnoor Tasnim Nusrat Rahma Sidra Ayesha",
        boys: "Muhammad Mohammed Ibrahim Yusuf Ali Ahmed Hamza Omar Musa Zayn Bilal Adam Ismail Hassan Abdullah Mustafa Isa Haris Umar Imran Tariq Khalid Rayyan Zakariya Yahya Usman Hussain Faisal Adnan Junaid Saad Ayaan Eesa Haroun Sulaiman Danyal Kamran Mikail Anas Idris",
        families: "Khan Hussain Ahmed Ali Begum Akhtar Mahmood Iqbal Malik Shah Rahman Uddin Miah Islam Hassan Bibi Mirza Qureshi Sheikh Chaudhry Butt Raza Aslam Rashid Siddiqui Kausar Parveen Choudhury Hoque Alam Rehman Shahid Nawaz Saleem Younis Ashraf Anwar Hanif Yousaf Mughal",
        composed: 60,
    },
    Culture {
        name: "eastern european",
        share: 50,
        girls: "Zofia Julia Maja Zuzanna Hanna Lena Oliwia Alicja Amelia Natalia Wiktoria Aleksandra Maria Gabriela Nikola Antonina Laura Anna Emilia Sofia Ioana Elena Andreea Daria Viktoria Anastasia Katarina Teodora Ștefania Ugne Emilija Petra",
        boys: "Jakub Antoni Szymon Filip Kacper Aleksander Jan Mikołaj Franciszek Wojciech Mateusz Michał Oskar Igor Dominik Stanisław Patryk Bartosz Dawid Kamil Adam Łukasz Krzysztof Piotr Andrei Stefan Matei Alexandru Luka Nikodem Tomasz Viktor",
        families: "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Krawczyk Popescu Ionescu Popa Dumitru Stan Radu Petrov Ivanov Dimitrov Kazlauskas Petrauskas Balazs Novak Horvath Nagy Kovalenko Shevchenko",
        composed: 80,
    },
    Culture {
        name: "african and caribbean",
        share: 50,
        girls: "Blessing Grace Esther Chidinma Abena Ama Temitope Ayomide Deborah Faith Rejoice Joy Chiamaka Oluwadamilola Tiwaniola Zuri Nia Imani Precious Adaeze Ngozi Akosua Efua Tanaka Rutendo Abigail Ruth Naomi Zainabu Amara Ifeoma Folasade",
        boys: "Emmanuel David Samuel Daniel Joshua Oluwaseun Ayomide Chukwuemeka Kwame Kofi Malachi Tobi Ifeanyi Babatunde Temitope Kwabena Toluwani Jeremiah Elijah Caleb Obinna Tendai Kojo Tafari Josiah Femi Chinedu Marcus Tyrese Isaiah Ebenezer Nathaniel",
        families: "Okafor Mensah Adeyemi Boateng Osei Owusu Johnson Williams Campbell Asante Okonkwo Balogun Afolabi Moyo Ncube Kamara Sesay Bangura Antwi Amoah Ogunleye Olawale Tesfaye Gebremedhin Haile Conteh Koroma Dlamini Appiah Chikwanha Brown Adebayo",
        composed: 80,
    },
    Culture {
        name: "indian",
        share: 45,
        girls: "Anaya Diya Aanya Priya Kavya Saanvi Isha Riya Anika Harleen Jasmeen Simran Avani Meera Nisha Tanvi Pooja Kiran Navya Manpreet Gurleen Ishani Tara Nikita Ananya Shreya",
        boys: "Arjun Aarav Krish Dev Rohan Ishaan Kiran Vivaan Arnav Harpreet Gurpreet Jaspreet Manraj Rahul Yash Krishna Veer Aryan Nikhil Karan Dhruv Shiv Ravi Sahil Aditya Pranav",
        families: "Patel Singh Kaur Shah Sharma Gill Sandhu Desai Mistry Gupta Kumar Nair Iyer Rao Varghese Dhillon Sidhu Joshi Mehta Chauhan Parmar Solanki Thomas Subramaniam Krishnan Sivakumar Bains Grewal",
        composed: 60,
    },
    Culture {
        name: "chinese and vietnamese",
        share: 15,
        girls: "Tsz Ching|Hei Tung|Xin Yi|Siyu|Jiayi|Ruoxi|Lok Yin|Yuhan|Zihan|Linh|Thuy|Huong|Lan|Mei Ling|Sze Wing|Anh",
        boys: "Tsz Hin|Ho Yin|Wei|Xiaoming|Zihao|Yuxuan|Chun Hei|Lok Hin|Minh|Duc|Tuan|Jun|Haoran|Ka Ho|Anh|Yichen",
        families: "Wong Chan Li Wang Zhang Chen Liu Lin Nguyễn Trần Lê Phạm Ng Lau Cheung Yang Huang Xu Wu Vũ",
        composed: 20,
    },
    Culture {
        name: "arab, kurdish and afghan",
        share: 20,
        girls: "Mariam Zahra Sara Rojin Hala Sidra Noor Leila Zeinab Shirin Yara Rima Nasrin Parwana Fereshteh Hadia Dunya Soraya",
        boys: "Mohammad Ahmad Ali Hassan Omid Rashid Abdul Rahman|Mustafa|Karim|Esmatullah|Zabihullah|Abdul Karim|Arian|Farhad|Salim|Hamid|Jamal|Rebin|Sirwan|Yousef|Khaled",
        families: "Ahmadzai Karimi Rezaei Barzani Al Hassan|Saleh|Hamo|Stanekzai|Safi|Rahimi|Mohammadi|Hosseini|Al Ahmad|Khalil|Aziz|Abdul Karim|Noori|Amini|Haidari|El Sayed",
        composed: 20,
    },
    Culture {
        name: "somali",
        share: 15,
        girls: "Amina Sagal Hamdi Khadra Ubah Ikram Ayaan Samsam Faduma Hodan Ifrah Nasra Sahra Hibaq Zamzam Halima",
        boys: "Mohamed Abdirahman Zakaria Ismail Axmed Yusuf Guled Liban Abdullahi Mahad Hassan Bilal Abdiaziz Ibrahim Khalid Xasan",
        families: "Abdi Ali Mohamed Hassan Warsame Jama Farah Nur Ahmed Osman Ibrahim Yusuf Omar Hussein Abdullahi Aden",
        composed: 20,
    },
    Culture {
        name: "portuguese and spanish",
        share: 15,
        girls: "Sofia Leonor Beatriz Maria Inês Matilde Íris Carolina Valentina Lara Clara Mariana Ana Júlia Camila Lucía",
        boys: "João Santiago Rafael Miguel Tomás Diego Gabriel Martim Leonardo Lucas Mateo Duarte Afonso Gonçalo José Thiago",
        families: "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Fernandes Gonçalves Gomes Martins Lopes Sousa García Rossi Almeida",
        composed: 40,
    },
];

/// Beginnings of composed family names and streets.
pub const FRONTS: &str = "Ash Beck Bram Broad Bur Cal Chad Chat Cold Cran Crow Dal Den Dray East Elm Farn Fen Gold Hart Hather Hay Head Hem High Holm Horn Ingle Kel Kirk Lam Lang Lock Long Mar Mel Mor Nether New North Oak Old Orm Pen Quar Ram Red Rush Sand Shaw Short Skel Stain Stam Stod Strat Sut Tem Thorn Tut Up Wad Wal Wel West Whit Wid Win Wood Worm Yar York";
/// Ends of composed family names.
pub const ENDS: &str = "bourne bridge bury by combe croft dale den field ford gate ham hart head holme hurst land ley low man marsh mere mond mont more ridge row ser shaw shire side son stead stone thorpe ton tree wall well wick wood worth yard";
/// What streets are called after.
pub const STREETS: &str = "Abbey Albert Alexandra Ash Beech Birch Bridge Broad Cambridge Castle Cedar Chapel Chestnut Church Churchill Clarence Cromwell Cross East Edward Elm George Grange Green Grove Hawthorn Heath High Highfield Hill Jubilee King Kings Lake Lime London Maple Manor Market Meadow Mill Moor Mount Nelson New North Oak Orchard Oxford Park Poplar Priory Queens Richmond River Rowan School South Spring Springfield Stanley Station Valley Victoria Walnut Waterloo Well Wellington West William Willow Windsor York";
/// What streets are.
pub const KINDS: &str = "Road Street Avenue Lane Close Court Crescent Drive Gardens Grove Place Rise Terrace View Walk Way";
/// The short form of each kind, in the same order.
pub const SHORT_KINDS: &str = "Rd St Ave Ln Cl Ct Cres Dr Gdns Grv Pl Rise Terr View Walk Way";

/// A list as words: split at bars where there are any, else at spaces; a part
/// before the first bar may be several words.
pub fn words(list: &'static str) -> Vec<&'static str> {
    if let Some((head, tail)) = list.split_once('|') {
        // The words before the last two of the head are single names.
        let singles: Vec<&str> = head.split(' ').collect();
        let several = usize::from(singles.len() > 1) * 2;
        let (single, last) = singles.split_at(singles.len() - several.min(singles.len()));
        let mut all: Vec<&'static str> = single.to_vec();
        if let Some(first) = last.first() {
            let at = head.rfind(first).unwrap_or(0);
            all.push(&head[at..]);
        } else {
            all.push(head);
        }
        all.extend(tail.split('|'));
        return all;
    }
    list.split(' ').collect()
}
